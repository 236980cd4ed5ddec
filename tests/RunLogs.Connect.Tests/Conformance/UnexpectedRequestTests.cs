using System.Text;
using Google.Protobuf;
using Grpc.Core;
using RunLogs.Connect.Conformance;

namespace RunLogs.Connect.Tests.Conformance;

/// <summary>The suites of requests that no client should make.</summary>
public sealed class UnexpectedRequestTests(ConformanceServers servers) : IClassFixture<ConformanceServers>
{
    private const string UnaryPath = "/connectrpc.conformance.v1.ConformanceService/Unary";
    private const string StreamPath = "/connectrpc.conformance.v1.ConformanceService/ServerStream";
    private const string UnknownPath = "/connectrpc.conformance.v1.UnknownService/UnknownMethod";

    private static readonly byte[] Empty = Envelopes.Of(0, []);
    private static readonly byte[] Asking = Envelopes.Of(0, new UnaryRequest { ResponseDefinition = new UnaryResponseDefinition { ResponseData = ByteString.CopyFromUtf8("test response") } }.ToByteArray());
    private static readonly Call Unary = new("Unary", new UnaryRequest(), Json: false, Gzip: false, null, UseGet: false);
    private static readonly Call Stream = Unary with { Method = "ServerStream" };

    public static TheoryData<string, string, string, string, string?, byte[], int, StatusCode> ConnectCases => new()
    {
        { "content type", "POST", UnaryPath, "image/jpeg", null, "12345678"u8.ToArray(), 415, StatusCode.Unknown },
        { "codec", "POST", UnaryPath, "application/foo", null, [], 415, StatusCode.Unknown },
        { "verb", "DELETE", UnaryPath, "application/proto", null, [], 405, StatusCode.Unknown },
        { "address", "POST", UnknownPath, "application/proto", null, [], 404, StatusCode.Unimplemented },
        { "compression", "POST", UnaryPath, "application/proto", "foo", [], 501, StatusCode.Unimplemented },
        { "compressed message", "POST", StreamPath, "application/connect+proto", "identity", Envelopes.Of(1, []), 200, StatusCode.Internal },
        { "no message", "POST", StreamPath, "application/connect+proto", null, [], 200, StatusCode.Unimplemented },
        { "two messages", "POST", StreamPath, "application/connect+proto", null, [.. Empty, .. Empty], 200, StatusCode.Unimplemented },
    };

    // Where Grpc.AspNetCore answers otherwise than the runner wants, the answer stands here as it is, and in the README.
    public static TheoryData<string, string, string, string, string?, byte[], StatusCode[]> GrpcCases => new()
    {
        { "content type", "POST", UnaryPath, "image/jpeg", null, "12345678"u8.ToArray(), [StatusCode.Unknown] },
        { "verb", "DELETE", UnaryPath, "", null, Empty, [StatusCode.Unknown, StatusCode.Internal, StatusCode.Unimplemented] },
        { "address", "POST", UnknownPath, "", null, Empty, [StatusCode.Unimplemented] },
        { "compression (differs)", "POST", UnaryPath, "", "foo", Empty, [StatusCode.OK] },
        { "compression of a message that has it", "POST", UnaryPath, "", "foo", Envelopes.Of(1, [1]), [StatusCode.Unimplemented] },
        { "compressed message", "POST", UnaryPath, "+proto", "identity", Envelopes.Of(1, []), [StatusCode.Internal] },
        { "sub-format +proto", "POST", UnaryPath, "+proto", null, Asking, [StatusCode.OK] },
        { "bare sub-format", "POST", UnaryPath, "", null, Asking, [StatusCode.OK] },
        { "codec (differs)", "POST", UnaryPath, "+foo", null, Empty, [StatusCode.OK] },
        { "no message, unary (differs)", "POST", UnaryPath, "+proto", null, [], [StatusCode.Internal] },
        { "two messages, unary (differs)", "POST", UnaryPath, "+proto", null, [.. Empty, .. Empty], [StatusCode.Internal] },
        { "no message, stream (differs)", "POST", StreamPath, "+proto", null, [], [StatusCode.Internal] },
        { "two messages, stream (differs)", "POST", StreamPath, "+proto", null, [.. Empty, .. Empty], [StatusCode.Internal] },
    };

    [Theory, MemberData(nameof(ConnectCases))]
    public async Task Connect(string name, string verb, string path, string contentType, string? encoding, byte[] body, int status, StatusCode code)
    {
        foreach (var http in (HTTPVersion[])[HTTPVersion._1, HTTPVersion._2])
        {
            var client = await servers.ClientAsync(Protocol.Connect, http);
            var call = path == StreamPath ? Stream : Unary;
            using var request = RawRequest(client, verb, path, body, contentType);
            if (contentType != "image/jpeg")
                request.Headers.TryAddWithoutValidation("Connect-Protocol-Version", "1");
            if (encoding is not null)
                _ = call.IsStream
                    ? request.Headers.TryAddWithoutValidation("Connect-Content-Encoding", encoding)
                    : request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

            using var response = await client.SendAsync(request);

            var answer = await ConnectWire.ReadAsync(response, call);
            Assert.Equal((name, status, code), (name, answer.HttpStatus, answer.Code));
        }
    }

    [Theory, MemberData(nameof(GrpcCases))]
    public async Task Grpc(string name, string verb, string path, string format, string? encoding, byte[] body, StatusCode[] codes) =>
        await CheckGrpcAsync(name, verb, path, format, encoding, body, codes, Protocol.Grpc, HTTPVersion._2);

    [Theory, MemberData(nameof(GrpcCases))]
    public async Task GrpcWeb(string name, string verb, string path, string format, string? encoding, byte[] body, StatusCode[] codes)
    {
        await CheckGrpcAsync(name, verb, path, format, encoding, body, codes, Protocol.GrpcWeb, HTTPVersion._1);
        await CheckGrpcAsync(name, verb, path, format, encoding, body, codes, Protocol.GrpcWeb, HTTPVersion._2);
    }

    [Fact]
    public async Task The_server_starts_with_the_bytes_of_the_runner_and_ends_when_told_to()
    {
        await using var server = await ConformanceServer.StartAsync(Protocol.Connect, HTTPVersion._1);

        var asked = new MemoryStream();
        await Framing.WriteAsync(asked, new ServerCompatRequest { Protocol = Protocol.Connect, HttpVersion = HTTPVersion._1, MessageReceiveLimit = ConformanceServer.ReceiveLimit });
        var (exitCode, output) = await server.TerminateAsync();

        Assert.Equal("00000008080110013080C00C", Convert.ToHexString(asked.ToArray()));
        Assert.Equal((0, ""), (exitCode, output));
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task The_server_does_not_wait_for_its_calls_when_told_to_end(int http)
    {
        await using var server = await ConformanceServer.StartAsync(Protocol.Connect, (HTTPVersion)http);
        var asks = new ServerStreamRequest { ResponseDefinition = new StreamResponseDefinition { ResponseData = { ByteString.Empty }, ResponseDelayMs = 3_600_000 } };
        using var request = RawRequest(server.Client, "POST", StreamPath, Envelopes.Of(0, asks.ToByteArray()), "application/connect+proto");
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        var (exitCode, output) = await server.TerminateAsync();

        Assert.Equal((0, ""), (exitCode, output));
    }

    [Fact]
    public async Task The_server_says_that_it_has_no_TLS_and_ends()
    {
        var (exitCode, output, error) = await ConformanceServer.RefusedAsync(new ServerCompatRequest { Protocol = Protocol.Connect, HttpVersion = HTTPVersion._1, UseTls = true });

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("supportsTls: false", error, StringComparison.Ordinal);
    }

    private async Task CheckGrpcAsync(
        string name, string verb, string path, string format, string? encoding, byte[] body, StatusCode[] codes, Protocol protocol, HTTPVersion http)
    {
        var web = protocol == Protocol.GrpcWeb;
        var client = await servers.ClientAsync(protocol, http);
        var call = path == StreamPath ? Stream : Unary;
        var contentType = format.Contains('/', StringComparison.Ordinal) ? format : $"application/{(web ? "grpc-web" : "grpc")}{format}";
        using var request = RawRequest(client, verb, path, body, contentType);
        if (!web && contentType != "image/jpeg")
            request.Headers.TryAddWithoutValidation("TE", "trailers");
        if (encoding is not null)
            request.Headers.TryAddWithoutValidation("grpc-encoding", encoding);

        using var response = await client.SendAsync(request);

        var answer = await GrpcWire.ReadAsync(response, call, web);
        Assert.True(codes.Contains(answer.Code), $"{name} over {protocol} and {http} is {answer.Code}.");
        if (contentType == "image/jpeg")
            Assert.Equal(415, answer.HttpStatus);
        if (body.AsSpan().SequenceEqual(Asking))
            Assert.Equal("test response", Assert.Single(answer.Payloads).Data.ToStringUtf8());
    }

    // As the runner sends them: no header but the case's own, and a body whose end nothing announces.
    private static HttpRequestMessage RawRequest(HttpClient client, string verb, string path, byte[] body, string contentType) =>
        new(HttpMethod.Parse(verb), path)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
            Content = new StreamContent(new UnannouncedBody(body)) { Headers = { { "Content-Type", contentType } } },
        };
}
