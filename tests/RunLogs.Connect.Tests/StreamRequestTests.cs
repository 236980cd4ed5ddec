using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace RunLogs.Connect.Tests;

public sealed class StreamRequestTests
{
    private const int Limit = 2000;
    private static readonly byte[] Hello = new SayRequest { Text = "hello", Times = 1 }.ToByteArray();

    public static TheoryData<string, byte[], string, string> Refusals => new()
    {
        { "nothing", [], "unimplemented", "The request has no message; this method takes one." },
        { "two messages", [.. Envelopes.Of(0, Hello), .. Envelopes.Of(0, Hello)], "unimplemented", "The request has more than one message; this method takes one." },
        { "half a head", [0, 0], "invalid_argument", "The request body ends after 2 bytes, inside an envelope." },
        { "half a message", Envelopes.Of(0, Hello)[..^1], "invalid_argument", "The request body ends after 13 bytes, inside an envelope." },
        { "compressed", Envelopes.Of(1, Hello), "internal", "The envelope of the request says compressed, but Connect-Content-Encoding names no compression." },
        { "an end", Envelopes.Of(2, Hello), "invalid_argument", "The envelope of the request has the flags 2; a message has 0, or 1 when it is compressed." },
        { "unknown flags", Envelopes.Of(128, Hello), "invalid_argument", "The envelope of the request has the flags 128; a message has 0, or 1 when it is compressed." },
        { "a length above the limit", [0, 0xff, 0xff, 0xff, 0xff], "resource_exhausted", "The request is larger than the 2000 bytes that this service receives." },
        { "no message of its type", Envelopes.Of(0, [0xff]), "invalid_argument", "The request body is not a Protobuf message of type parrot.v1.SayRequest: " },
    };

    private static Task<ParrotServer> StartAsync() => ParrotServer.StartAsync(services =>
        services.AddGrpc().AddServiceOptions<Parrot>(options => options.MaxReceiveMessageSize = Limit));

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_body_that_is_not_one_message_is_refused(string body, byte[] bytes, string code, string message)
    {
        await using var server = await StartAsync();
        server.Mind.Chatter = (_, _, _) => throw new InvalidOperationException($"not to be called with {body}");

        using var response = await server.SendAsync("1.1", Requests.Body(bytes, "application/connect+proto").To(ParrotServer.ChatterPath));

        var (messages, end) = await response.ReadStreamAsync();
        Assert.Empty(messages);
        Assert.Equal(code, end.Error().Code);
        Assert.StartsWith(message, end.Error().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1", 0, null), InlineData("1.1", 1, "resource_exhausted")]
    [InlineData("2.0", 0, null), InlineData("2.0", 1, "resource_exhausted")]
    public async Task A_message_of_the_limit_passes_and_one_byte_more_does_not(string http, int more, string? code)
    {
        await using var server = await StartAsync();
        var message = LimitTests.MessageOf(Limit + more).ToByteArray();

        using var plain = await server.SendAsync(http, Requests.Body(Envelopes.Of(0, message), "application/connect+proto").To(ParrotServer.ChatterPath));
        using var compressed = await server.SendAsync(http,
            Requests.Body(Envelopes.Of(1, Envelopes.Gzipped(message)), "application/connect+proto").To(ParrotServer.ChatterPath).With("Connect-Content-Encoding", "gzip"));

        Assert.Equal(code, (await plain.ReadStreamAsync()).End.Error().Code);
        Assert.Equal(code, (await compressed.ReadStreamAsync()).End.Error().Code);
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_compressed_envelope_is_answered_with_compressed_ones_when_the_client_reads_them(string http)
    {
        await using var server = await ParrotServer.StartAsync();
        var text = new string('a', 5000);
        var message = new SayRequest { Text = text, Times = 2 }.ToByteArray();
        HttpRequestMessage Request() => Requests.Body(Envelopes.Of(1, Envelopes.Gzipped(message)), "application/connect+proto")
            .To(ParrotServer.ChatterPath).With("Connect-Content-Encoding", "gzip");

        using var both = await server.SendAsync(http, Request().With("Connect-Accept-Encoding", "br, gzip"));
        using var silent = await server.SendAsync(http, Request());
        using var plain = await server.SendAsync(http, Request().With("Connect-Accept-Encoding", "identity"));

        foreach (var (response, flags) in new[] { (both, 1), (silent, 1), (plain, 0) })
        {
            Assert.Equal(flags == 1, response.Headers.Contains("Connect-Content-Encoding"));
            var (messages, _) = await response.ReadStreamAsync();
            Assert.All(messages, seen => Assert.Equal(flags, seen.Flags));
            Assert.Equal([text + "0", text + "1"], messages.Select(seen => SayResponse.Parser.ParseFrom(seen.Message).Text));
        }
    }

    [Fact]
    public async Task A_short_message_is_not_worth_compressing()
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Chatter(new SayRequest { Times = 1 }, json: true).With("Connect-Accept-Encoding", "gzip"));

        Assert.Equal("gzip", response.Header("Connect-Content-Encoding"));
        Assert.Equal(0, Assert.Single((await response.ReadStreamAsync()).Messages).Flags);
    }

    [Fact]
    public async Task Answers_that_the_service_compressed_reach_a_client_that_does_not_read_that()
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Chatter = async (_, stream, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
            await stream.WriteAsync(new SayResponse { Text = "plain" });
        };

        using var response = await server.SendAsync("1.1", Requests.Chatter(new SayRequest()));

        var (flags, message) = Assert.Single((await response.ReadStreamAsync()).Messages);
        Assert.Equal((0, "plain"), (flags, SayResponse.Parser.ParseFrom(message).Text));
    }

    [Theory]
    [InlineData("Connect-Content-Encoding", "br", "unimplemented", "Connect-Content-Encoding \"br\" is not supported; supported are identity and gzip.")]
    [InlineData("Connect-Protocol-Version", "2", "invalid_argument", "Connect-Protocol-Version must be 1, or absent; it is \"2\".")]
    [InlineData("Connect-Timeout-Ms", "soon", "invalid_argument", "Connect-Timeout-Ms must be a whole number of milliseconds of at most 10 digits; it is \"soon\".")]
    [InlineData("Connect-Timeout-Ms", "0", "deadline_exceeded", "Connect-Timeout-Ms is 0: the time of the call was over before it began.")]
    public async Task A_header_that_is_not_understood_ends_the_stream(string header, string value, string code, string message)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("2.0", Requests.Chatter(new SayRequest()).With(header, value));

        Assert.Equal((code, message), (await response.ReadStreamAsync()).End.Error());
    }

    [Fact]
    public async Task Bytes_that_are_not_the_gzip_they_say_are_refused()
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1",
            Requests.Body(Envelopes.Of(1, Hello), "application/connect+proto").To(ParrotServer.ChatterPath).With("Connect-Content-Encoding", "gzip"));

        Assert.Equal(("invalid_argument", "The request is not the gzip that it says it is."), (await response.ReadStreamAsync()).End.Error());
    }

    [Theory, InlineData("application/proto"), InlineData("application/json"), InlineData("image/jpeg"), InlineData("application/connect+foo")]
    public async Task A_content_type_that_a_stream_does_not_speak_is_415(string contentType)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Body([], contentType).To(ParrotServer.ChatterPath));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("application/grpc, application/connect+proto, application/connect+json", response.Header("Accept-Post"));
    }
}
