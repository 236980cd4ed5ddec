using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Connect.Tests;

public sealed class NegotiationTests
{
    private const string Spoken = "application/grpc, application/proto, application/json";

    [Theory]
    [InlineData("image/jpeg")]
    [InlineData("application/foo")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/connect+proto")]
    [InlineData("application/connect+json")]
    [InlineData(null)]
    public async Task A_content_type_that_a_unary_method_does_not_speak_is_415(string? contentType)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Body("{}"u8.ToArray(), contentType));

        var (status, code, message) = await response.ErrorAsync();
        Assert.Equal((415, "unknown"), (status, code));
        Assert.Contains(Spoken, message, StringComparison.Ordinal);
        Assert.Equal(Spoken, response.Header("Accept-Post"));
    }

    [Theory]
    [InlineData("application/proto")]
    [InlineData("application/json")]
    public async Task A_unary_content_type_on_a_stream_is_415(string contentType)
    {
        await using var server = await ParrotServer.StartAsync();
        var request = Requests.Body([], contentType);
        request.RequestUri = new Uri("/parrot.v1.ParrotService/Chatter", UriKind.Relative);

        using var response = await server.SendAsync("1.1", request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("GET"), InlineData("DELETE"), InlineData("PUT"), InlineData("PATCH")]
    public async Task Other_verbs_are_405(string verb)
    {
        await using var server = await ParrotServer.StartAsync();
        var request = Requests.Json("{}");
        request.Method = HttpMethod.Parse(verb);

        using var response = await server.SendAsync("1.1", request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/parrot.v1.ParrotService/Sing", "application/proto")]
    [InlineData("/parrot.v1.ParrotService/Sing", "application/json")]
    [InlineData("/nobody.v1.Service/Do", "application/json")]
    [InlineData("/nobody.v1.Service/Do", "application/connect+json")]
    public async Task An_unknown_method_is_404_and_unimplemented(string path, string contentType)
    {
        await using var server = await ParrotServer.StartAsync();
        var request = Requests.Body("{}"u8.ToArray(), contentType);
        request.RequestUri = new Uri(path, UriKind.Relative);

        using var response = await server.SendAsync("2.0", request);

        Assert.Equal((404, "unimplemented", $"No method is served at {path}."), await response.ErrorAsync());
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_unknown_path_of_anything_else_stays_an_empty_404()
    {
        await using var server = await ParrotServer.StartAsync();
        using var client = server.Client("1.1");

        using var response = await client.PostAsync("/elsewhere", new StringContent("hello", Encoding.UTF8, "text/plain"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_404_that_somebody_else_wrote_is_left_alone()
    {
        await using var server = await ParrotServer.StartAsync(_ => { }, afterConnect: app => app.Use(async (context, next) =>
        {
            await next(context);
            await context.Response.WriteAsync("mine");
        }));
        var request = Requests.Json("{}");
        request.RequestUri = new Uri("/elsewhere", UriKind.Relative);

        using var response = await server.SendAsync("1.1", request);

        Assert.Equal("mine", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("1", 200), InlineData(null, 200), InlineData("2", 400), InlineData("", 400), InlineData("1, 1", 400)]
    public async Task Only_version_1_of_the_protocol_is_spoken(string? version, int status)
    {
        await using var server = await ParrotServer.StartAsync();
        var request = Requests.Json("{}");
        if (version is not null)
            request.With("Connect-Protocol-Version", version);

        using var response = await server.SendAsync("1.1", request);

        Assert.Equal(status, (int)response.StatusCode);
        if (status != 200)
            Assert.Equal((400, "invalid_argument", $"Connect-Protocol-Version must be 1, or absent; it is \"{version}\"."), await response.ErrorAsync());
    }

    [Fact]
    public async Task An_unknown_encoding_is_unimplemented_with_those_that_are_known()
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Json("{}").With("Content-Encoding", "br"));

        Assert.Equal((501, "unimplemented", "Content-Encoding \"br\" is not supported; supported are identity and gzip."), await response.ErrorAsync());
    }

    [Fact]
    public async Task A_service_can_keep_connect_off()
    {
        await using var server = await ParrotServer.StartAsync(_ => { }, service: parrot => parrot.DisableConnect());

        using var response = await server.SendAsync("2.0", Requests.Json("{}"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.False(response.Headers.Contains("Accept-Post"));
    }

    [Fact]
    public async Task A_service_can_switch_connect_on_where_it_is_off()
    {
        await using var off = await ParrotServer.StartAsync(_ => { }, options: new ConnectOptions());
        await using var on = await ParrotServer.StartAsync(_ => { }, service: parrot => parrot.EnableConnect(), options: new ConnectOptions());

        using var refused = await off.SendAsync("2.0", Requests.Json("{}"));
        using var served = await on.SendAsync("2.0", Requests.Json("{}"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }
}
