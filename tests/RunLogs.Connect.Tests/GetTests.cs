using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core;

namespace RunLogs.Connect.Tests;

public sealed class GetTests
{
    private static readonly SayRequest Hello = new() { Text = "hello ☺ + & = %", Times = -1 };

    public static TheoryData<string> Queries => new()
    {
        $"connect=v1&encoding=json&message={Uri.EscapeDataString(JsonFormatter.Default.Format(Hello))}",
        $"encoding=json&base64=1&message={Base64Url(Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(Hello)))}",
        $"encoding=proto&base64=1&message={Base64Url(Hello.ToByteArray())}",
        $"encoding=proto&base64=1&message={Uri.EscapeDataString(Convert.ToBase64String(Hello.ToByteArray()))}",
        $"encoding=proto&message={string.Concat(Hello.ToByteArray().Select(one => $"%{one:x2}"))}",
        $"message={Base64Url(Envelopes.Gzipped(Hello.ToByteArray()))}&base64=1&compression=gzip&encoding=proto&connect=v1",
    };

    [Theory, MemberData(nameof(Queries))]
    public async Task A_method_without_side_effects_is_called_by_get(string query)
    {
        await using var server = await ParrotServer.StartAsync();
        var seen = new SayRequest();
        server.Mind.Say = (request, context) =>
        {
            seen = request;
            context.ResponseTrailers.Add("x-tail", "1");
            return Task.FromResult(new SayResponse { Text = request.Text });
        };

        using var response = await server.SendAsync("1.1", Get(query));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Hello, seen);
        Assert.Equal("1", response.Header("trailer-x-tail"));
        Assert.Equal("Accept-Encoding", response.Header("Vary"));
        Assert.Equal(query.Contains("json", StringComparison.Ordinal) ? "application/json" : "application/proto", response.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("connect=v2&encoding=json&message=%7b%7d", 400, "invalid_argument", "The query parameter connect must be v1, or absent; it is \"v2\".")]
    [InlineData("encoding=json", 400, "invalid_argument", "The query parameter message is missing; an empty message is message=.")]
    [InlineData("encoding=proto&base64=1&message=*", 400, "invalid_argument", "The query parameter message is not base64, as base64=1 says it is.")]
    [InlineData("encoding=proto&base64=1&message=A", 400, "invalid_argument", "The query parameter message is not base64, as base64=1 says it is.")]
    [InlineData("encoding=json&message=%7b%7d&compression=br", 501, "unimplemented", "The compression \"br\" is not supported; supported are identity and gzip.")]
    [InlineData("encoding=json&message=%7b", 400, "invalid_argument", "The request body is not JSON at line 1, byte 2.")]
    [InlineData("message=%7b%7d", 415, "unknown", "parrot.v1.ParrotService/Look does not speak encoding \"\"; it speaks application/grpc, application/proto, application/json.")]
    [InlineData("encoding=text&message=", 415, "unknown", "parrot.v1.ParrotService/Look does not speak encoding \"text\"; it speaks application/grpc, application/proto, application/json.")]
    public async Task A_query_that_is_not_understood_is_refused(string query, int status, string code, string message)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("2.0", Get(query));

        Assert.Equal((status, code, message), await response.ErrorAsync());
    }

    [Fact]
    public async Task An_error_and_a_time_limit_are_those_of_any_call()
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = (_, context) => throw new RpcException(new Status(
            context.Deadline < DateTime.MaxValue ? StatusCode.NotFound : StatusCode.Internal, "gone"));

        using var response = await server.SendAsync("1.1", Get("encoding=json&message=%7b%7d").With("Connect-Timeout-Ms", "10000"));

        Assert.Equal((404, "not_found", "gone"), await response.ErrorAsync());
    }

    [Theory, InlineData("GET", ParrotServer.SayPath, "POST"), InlineData("HEAD", ParrotServer.LookPath, "GET, POST"), InlineData("GET", ParrotServer.ChatterPath, "POST")]
    public async Task Other_verbs_and_other_methods_are_405(string verb, string path, string allowed)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", new HttpRequestMessage(HttpMethod.Parse(verb), $"{path}?encoding=json&message=%7b%7d"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
    }

    [Fact]
    public async Task The_same_method_is_still_called_by_post()
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Json("""{"text":"a"}""").To(ParrotServer.LookPath));

        Assert.Equal("a", (await response.JsonAsync()).GetProperty("text").GetString());
        Assert.False(response.Headers.Contains("Vary"));
    }

    private static HttpRequestMessage Get(string query) => new(HttpMethod.Get, $"{ParrotServer.LookPath}?{query}");

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
