using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace RunLogs.Connect.Tests;

public sealed class LimitTests
{
    private const int Limit = 2000;

    private static Task<ParrotServer> StartAsync() => ParrotServer.StartAsync(services =>
        services.AddGrpc().AddServiceOptions<Parrot>(options => options.MaxReceiveMessageSize = Limit));

    [Theory]
    [InlineData("1.1", 0, 200), InlineData("1.1", 1, 429)]
    [InlineData("2.0", 0, 200), InlineData("2.0", 1, 429)]
    public async Task A_message_of_the_limit_passes_and_one_byte_more_does_not(string http, int more, int status)
    {
        await using var server = await StartAsync();

        using var response = await server.SendAsync(http, Requests.Proto(MessageOf(Limit + more)));

        Assert.Equal(status, (int)response.StatusCode);
        if (more > 0)
            Assert.Equal((429, "resource_exhausted", "The request is larger than the 2000 bytes that this service receives."), await response.ErrorAsync());
    }

    [Theory, InlineData(0, 200), InlineData(1, 429)]
    public async Task Compression_does_not_hide_a_message_above_the_limit(int more, int status)
    {
        await using var server = await StartAsync();
        var body = Gzipped(MessageOf(Limit + more).ToByteArray());
        Assert.True(body.Length < 100);

        using var response = await server.SendAsync("1.1", Requests.Body(body, "application/proto").With("Content-Encoding", "gzip"));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_json_body_above_the_limit_is_refused()
    {
        await using var server = await StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Json($$"""{ "text": "{{new string('a', Limit)}}" }"""));

        Assert.Equal(429, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_limit_of_all_services_holds_where_a_service_has_none()
    {
        await using var server = await ParrotServer.StartAsync(services => services.AddGrpc(options => options.MaxReceiveMessageSize = Limit));

        using var response = await server.SendAsync("1.1", Requests.Proto(MessageOf(Limit + 1)));

        Assert.Equal(429, (int)response.StatusCode);
    }

    [Fact]
    public async Task Without_a_setting_the_limit_is_that_of_grpc()
    {
        await using var server = await ParrotServer.StartAsync();

        using var fits = await server.SendAsync("2.0", Requests.Proto(MessageOf(4 * 1024 * 1024)));
        using var above = await server.SendAsync("2.0", Requests.Proto(MessageOf(4 * 1024 * 1024 + 1)));

        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        Assert.Equal(429, (int)above.StatusCode);
    }

    [Fact]
    public async Task A_body_without_end_is_refused_at_the_limit()
    {
        await using var server = await StartAsync();
        var request = Requests.Body([], "application/proto");
        var endless = new EndlessStream();
        request.Content = new StreamContent(endless) { Headers = { ContentType = new("application/proto") } };

        using var response = await server.SendAsync("2.0", request);

        Assert.Equal(429, (int)response.StatusCode);
    }

    internal static SayRequest MessageOf(int size)
    {
        var message = new SayRequest();
        for (var length = size; message.CalculateSize() != size; length--)
            message.Text = new string('a', length);
        return message;
    }

    private static byte[] Gzipped(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return compressed.ToArray();
    }
}
