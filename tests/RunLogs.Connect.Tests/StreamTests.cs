using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Connect.Tests;

public sealed class StreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory, InlineData("1.1", false), InlineData("1.1", true), InlineData("2.0", false), InlineData("2.0", true)]
    public async Task Messages_come_in_envelopes_and_the_end_after_them(string http, bool json)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync(http, Requests.Chatter(new SayRequest { Text = "hello ☺ ", Times = 3 }, json));

        Assert.Equal(json ? "application/connect+json" : "application/connect+proto", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("gzip", response.Header("Connect-Accept-Encoding"));
        var (messages, end) = await response.ReadStreamAsync();
        Assert.Equal(["hello ☺ 0", "hello ☺ 1", "hello ☺ 2"], messages.Select(message => TextOf(message.Message, json)));
        Assert.Equal("{}", end.GetRawText());
    }

    [Theory, InlineData("1.1", false), InlineData("1.1", true), InlineData("2.0", false), InlineData("2.0", true)]
    public async Task Each_message_arrives_before_the_next_is_made(string http, bool json)
    {
        await using var server = await ParrotServer.StartAsync();
        var read = new SemaphoreSlim(0);
        server.Mind.Chatter = async (_, stream, context) =>
        {
            await context.WriteResponseHeadersAsync([]);
            for (var i = 0; i < 20; i++)
            {
                await read.WaitAsync(Patience);
                // Every second one is empty, as heartbeats are.
                await stream.WriteAsync(i % 2 == 0 ? new SayResponse { Text = $"{i}" } : new SayResponse());
            }
        };
        using var client = server.Client(http);

        // Headers come without a message.
        using var response = await client.SendAsync(
            Requests.Over(client, Requests.Chatter(new SayRequest(), json)), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        for (var i = 0; i < 20; i++)
        {
            read.Release();
            var (_, message) = (await Envelopes.NextAsync(body))!.Value;

            Assert.Equal(i % 2 == 0 ? $"{i}" : "", TextOf(message, json));
        }

        Assert.Equal(2, (await Envelopes.NextAsync(body))!.Value.Flags);
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_stream_may_have_no_messages(string http)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync(http, Requests.Chatter(new SayRequest()));

        var (messages, end) = await response.ReadStreamAsync();
        Assert.Empty(messages);
        Assert.Equal("{}", end.GetRawText());
    }

    [Theory]
    [InlineData("1.1", 0, false), InlineData("1.1", 2, false), InlineData("1.1", 2, true)]
    [InlineData("2.0", 0, false), InlineData("2.0", 2, false), InlineData("2.0", 2, true)]
    public async Task An_error_with_its_details_is_the_end_of_the_stream(string http, int messages, bool json)
    {
        const string Message = "\nwith whitespace\r\nand ☺ and 😈\n";
        await using var server = await ParrotServer.StartAsync();
        var status = new Google.Rpc.Status { Code = 5, Message = Message, Details = { Any.Pack(new Feather { Color = "red" }) } };
        server.Mind.Chatter = async (_, stream, context) =>
        {
            for (var i = 0; i < messages; i++)
                await stream.WriteAsync(new SayResponse { Text = $"{i}" });
            context.ResponseTrailers.Add("x-tail", "1");
            throw new RpcException(new Status(StatusCode.NotFound, Message),
                new Metadata { { "grpc-status-details-bin", status.ToByteArray() }, { "x-tail", "2" }, { "x-tail-bin", [1] } });
        };

        using var response = await server.SendAsync(http, Requests.Chatter(new SayRequest(), json));

        var (seen, end) = await response.ReadStreamAsync();
        Assert.Equal(messages, seen.Count);
        Assert.Equal(("not_found", Message), end.Error());
        var detail = Assert.Single(end.GetProperty("error").GetProperty("details").EnumerateArray());
        Assert.Equal("parrot.v1.Feather", detail.GetProperty("type").GetString());
        Assert.Equal(Convert.ToBase64String(new Feather { Color = "red" }.ToByteArray()).TrimEnd('='), detail.GetProperty("value").GetString());
        Assert.Equal("""{"x-tail":["1","2"],"x-tail-bin":["AQ"]}""", end.GetProperty("metadata").GetRawText());
        Assert.False(response.Headers.Contains("x-tail"));
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task Leading_metadata_comes_as_headers_and_trailing_metadata_with_the_end(string http)
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Chatter = async (_, stream, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "x-lead", "1" }, { "x-lead", "2" }, { "x-lead-bin", [1] }, { "x-both", "lead" } });
            await stream.WriteAsync(new SayResponse());
            context.ResponseTrailers.Add("x-both", "tail");
        };

        using var response = await server.SendAsync(http, Requests.Chatter(new SayRequest()));

        var (_, end) = await response.ReadStreamAsync();
        Assert.Equal(["1", "2"], response.Headers.GetValues("x-lead"));
        Assert.Equal("AQ", response.Header("x-lead-bin"));
        Assert.Equal("lead", response.Header("x-both"));
        Assert.Equal("""{"metadata":{"x-both":["tail"]}}""", end.GetRawText());
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_client_that_goes_away_cancels_the_handler(string http)
    {
        await using var server = await ParrotServer.StartAsync();
        var cancelled = new TaskCompletionSource();
        server.Mind.Chatter = async (_, stream, context) =>
        {
            await stream.WriteAsync(new SayResponse());
            await using var registration = context.CancellationToken.Register(cancelled.SetResult);
            await cancelled.Task.WaitAsync(Patience);
        };
        using var client = server.Client(http);
        var response = await client.SendAsync(Requests.Over(client, Requests.Chatter(new SayRequest())), HttpCompletionOption.ResponseHeadersRead);
        var body = await response.Content.ReadAsStreamAsync();
        await Envelopes.NextAsync(body);

        response.Dispose();

        await cancelled.Task.WaitAsync(Patience);
    }

    [Theory, InlineData("1.1", false), InlineData("1.1", true), InlineData("2.0", false), InlineData("2.0", true)]
    public async Task A_time_limit_ends_the_stream_of_a_deaf_handler(string http, bool json)
    {
        await using var server = await ParrotServer.StartAsync();
        var told = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        server.Mind.Chatter = async (_, stream, context) =>
        {
            await stream.WriteAsync(new SayResponse { Text = "in time" });
            await using var registration = context.CancellationToken.Register(told.SetResult);
            await release.Task.WaitAsync(Patience);
            try
            {
                await stream.WriteAsync(new SayResponse { Text = "too late" });
            }
            catch (OperationCanceledException)
            {
            }

            ended.SetResult();
        };

        using var response = await server.SendAsync(http, Requests.Chatter(new SayRequest(), json).With("Connect-Timeout-Ms", "200"));

        var (messages, end) = await response.ReadStreamAsync();
        Assert.Equal("in time", TextOf(Assert.Single(messages).Message, json));
        Assert.Equal("deadline_exceeded", end.Error().Code);
        await told.Task.WaitAsync(Patience);
        release.SetResult();
        await ended.Task.WaitAsync(Patience);
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_time_limit_does_not_cut_a_message(string http)
    {
        using var parrot = new SlowlyWritingParrot();
        await using var server = await ParrotServer.StartAsync(services => SlowlyWritingParrot.AddTo(services, parrot), service: _ => { },
            afterConnect: app => app.MapGrpcService<SlowlyWritingParrot>());
        using var client = server.Client(http);
        var request = Requests.Chatter(new SayRequest()).To(SlowlyWritingParrot.Path).With("Connect-Timeout-Ms", "300");

        using var response = await client.SendAsync(Requests.Over(client, request), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        await parrot.TimeIsOver.WaitAsync(Patience);
        parrot.GoOn();

        Assert.Equal((0, "slowly"), ((int, string))((await Envelopes.NextAsync(body)) is var (flags, message) ? (flags, Encoding.UTF8.GetString(message)) : default));
        var (last, end) = (await Envelopes.NextAsync(body))!.Value;
        Assert.Equal(2, last);
        Assert.Equal("deadline_exceeded", JsonDocument.Parse(end).RootElement.Error().Code);
        Assert.Null(await Envelopes.NextAsync(body));
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_message_that_breaks_off_breaks_the_answer_off(string http)
    {
        using var parrot = new SlowlyWritingParrot { BreaksOff = true };
        await using var server = await ParrotServer.StartAsync(services => SlowlyWritingParrot.AddTo(services, parrot),
            afterConnect: app => app.MapGrpcService<SlowlyWritingParrot>());
        server.ExpectsErrors = true;
        parrot.GoOn();

        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using var response = await server.SendAsync(http, Requests.Chatter(new SayRequest()).To(SlowlyWritingParrot.Path));
        });
    }

    [Fact]
    public async Task A_message_that_json_cannot_say_ends_the_stream()
    {
        await using var server = await ParrotServer.StartAsync();
        server.ExpectsErrors = true;
        server.Mind.Chatter = async (_, stream, _) =>
        {
            await stream.WriteAsync(new SayResponse { Text = "good" });
            await stream.WriteAsync(new SayResponse { Gift = new Any { TypeUrl = "type.googleapis.com/of.another.World" } });
        };

        using var response = await server.SendAsync("1.1", Requests.Chatter(new SayRequest(), json: true));

        var (messages, end) = await response.ReadStreamAsync();
        Assert.Single(messages);
        Assert.Equal(("internal", "An answer of parrot.v1.ParrotService/Chatter could not be written as application/connect+json."), end.Error());
    }

    [Fact]
    public async Task Messages_kept_back_come_with_the_next_flush_and_with_the_end()
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Chatter = async (_, stream, _) =>
        {
            stream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
            for (var i = 0; i < 3; i++)
                await stream.WriteAsync(new SayResponse { Text = $"{i}" });
        };

        foreach (var json in (bool[])[false, true])
        {
            using var response = await server.SendAsync("2.0", Requests.Chatter(new SayRequest(), json));

            Assert.Equal(["0", "1", "2"], (await response.ReadStreamAsync()).Messages.Select(message => TextOf(message.Message, json)));
        }
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task Middleware_before_the_service_can_refuse_the_call(string http)
    {
        await using var server = await ParrotServer.StartAsync(_ => { }, afterConnect: app => app.Use(async (HttpContext context, RequestDelegate _) =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.ContentType = "text/plain";
            await context.Response.Body.WriteAsync("not you"u8.ToArray());
        }));

        using var response = await server.SendAsync(http, Requests.Chatter(new SayRequest()));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("not you", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task One_connection_serves_many_streams()
    {
        await using var server = await ParrotServer.StartAsync();
        using var client = server.Client("1.1");
        server.Mind.Chatter = async (request, stream, context) => await stream.WriteAsync(new SayResponse { Text = context.Peer });

        var peers = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            using var response = await client.SendAsync(Requests.Over(client, Requests.Chatter(new SayRequest())));
            peers.Add(TextOf((await response.ReadStreamAsync()).Messages.Single().Message, json: false));
        }

        Assert.Single(peers);
    }

    private static string TextOf(byte[] message, bool json) => json
        ? JsonParser.Default.Parse<SayResponse>(Encoding.UTF8.GetString(message)).Text
        : SayResponse.Parser.ParseFrom(message).Text;
}
