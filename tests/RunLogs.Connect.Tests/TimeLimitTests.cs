using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace RunLogs.Connect.Tests;

public sealed class TimeLimitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_call_whose_time_is_over_ends_and_its_handler_is_told(string http)
    {
        await using var server = await ParrotServer.StartAsync();
        var told = new TaskCompletionSource();
        server.Mind.Say = async (_, context) =>
        {
            await using var registration = context.CancellationToken.Register(told.SetResult);
            await told.Task.WaitAsync(Patience);
            return new SayResponse();
        };

        using var response = await server.SendAsync(http, Requests.Json("{}").With("Connect-Timeout-Ms", "100"));

        var (status, code, _) = await response.ErrorAsync();
        Assert.Equal((504, "deadline_exceeded"), (status, code));
        await told.Task.WaitAsync(Patience);
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_deaf_handler_does_not_keep_the_client_waiting(string http)
    {
        // What middleware before Connect adds when the response starts (CORS does) belongs to this answer too.
        await using var server = await ParrotServer.StartAsync(_ => { }, beforeConnect: app => app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["x-outer"] = "there";
                return Task.CompletedTask;
            });
            return next(context);
        }));
        var release = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        server.Mind.Say = async (_, context) =>
        {
            await release.Task.WaitAsync(Patience);
            context.ResponseTrailers.Add("x-late", "1");
            ended.SetResult();
            return new SayResponse { Text = "too late" };
        };

        using var response = await server.SendAsync(http, Requests.Json("{}").With("Connect-Timeout-Ms", "100"));

        var (status, code, _) = await response.ErrorAsync();
        Assert.Equal((504, "deadline_exceeded"), (status, code));
        Assert.Equal("there", response.Header("x-outer"));
        release.SetResult();
        await ended.Task.WaitAsync(Patience);
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_connection_goes_on_after_a_call_whose_time_was_over(string http)
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = async (request, context) =>
        {
            if (request.Text == "wait")
                await Task.Delay(Patience, TimeProvider.System, context.CancellationToken);
            return new SayResponse { Text = $"{context.Peer}" };
        };
        using var client = server.Client(http);
        HttpRequestMessage Next(string json) => Requests.Over(client, Requests.Json(json));

        using var first = await client.SendAsync(Next("{}"));
        using var second = await client.SendAsync(Next("""{"text":"wait"}""").With("Connect-Timeout-Ms", "100"));
        using var third = await client.SendAsync(Next("{}"));

        Assert.Equal(HttpStatusCode.GatewayTimeout, second.StatusCode);
        Assert.Equal((await first.JsonAsync()).GetProperty("text").GetString(), (await third.JsonAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_in_time_ends_the_call()
    {
        var ended = new TaskCompletionSource();
        await using var server = await ParrotServer.StartAsync(_ => { }, beforeConnect: app => app.Use(async (context, next) =>
        {
            await next(context);
            ended.SetResult();
        }));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Http1.Port);
        await using var stream = client.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {ParrotServer.SayPath} HTTP/1.1\r\nHost: parrot\r\nContent-Type: application/json\r\nContent-Length: 10\r\nConnect-Timeout-Ms: 100\r\n\r\n{{"));

        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 504 Gateway Timeout", await reader.ReadLineAsync().WaitAsync(Patience));
        await ended.Task.WaitAsync(Patience);
    }

    [Theory]
    [InlineData("1"), InlineData("100000"), InlineData("99999999"), InlineData("100000000"), InlineData("9999999999")]
    public async Task The_handler_sees_the_deadline(string milliseconds)
    {
        await using var server = await ParrotServer.StartAsync();
        var seen = new TaskCompletionSource<DateTime>();
        server.Mind.Say = (_, context) =>
        {
            seen.TrySetResult(context.Deadline);
            return Task.FromResult(new SayResponse());
        };
        var earliest = TimeProvider.System.GetUtcNow().AddMilliseconds(long.Parse(milliseconds)).AddSeconds(-1);

        using var response = await server.SendAsync("1.1", Requests.Json("{}").With("Connect-Timeout-Ms", milliseconds));

        // The shortest limit may pass before the handler starts.
        if (milliseconds == "1" && response.StatusCode == HttpStatusCode.GatewayTimeout)
            return;
        Assert.InRange(await seen.Task.WaitAsync(Patience), earliest.UtcDateTime, earliest.AddSeconds(20).UtcDateTime);
    }

    [Fact]
    public async Task Without_a_time_limit_there_is_no_deadline()
    {
        await using var server = await ParrotServer.StartAsync();
        var seen = DateTime.MinValue;
        server.Mind.Say = (_, context) =>
        {
            seen = context.Deadline;
            return Task.FromResult(new SayResponse());
        };

        // gRPC's own header is none of Connect's.
        using var response = await server.SendAsync("1.1", Requests.Json("{}").With("grpc-timeout", "1n"));

        Assert.Equal(DateTime.MaxValue, seen);
    }

    [Fact]
    public async Task No_time_at_all_is_over_at_once()
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = (_, _) => throw new InvalidOperationException("not to be called");

        using var response = await server.SendAsync("1.1", Requests.Json("{}").With("Connect-Timeout-Ms", "0"));

        var (status, code, _) = await response.ErrorAsync();
        Assert.Equal((504, "deadline_exceeded"), (status, code));
    }

    [Theory]
    [InlineData("soon"), InlineData("-1"), InlineData("+1"), InlineData("1.5"), InlineData("1 s"), InlineData("10000000000"), InlineData("00000000001"), InlineData("")]
    public async Task A_malformed_time_limit_is_refused(string milliseconds)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Json("{}").With("Connect-Timeout-Ms", milliseconds));

        Assert.Equal((400, "invalid_argument",
            $"Connect-Timeout-Ms must be a whole number of milliseconds of at most 10 digits; it is \"{milliseconds}\"."), await response.ErrorAsync());
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_client_that_goes_away_cancels_the_handler(string http)
    {
        await using var server = await ParrotServer.StartAsync();
        var entered = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        server.Mind.Say = async (_, context) =>
        {
            await using var registration = context.CancellationToken.Register(cancelled.SetResult);
            entered.SetResult();
            await cancelled.Task.WaitAsync(Patience);
            return new SayResponse();
        };
        using var client = server.Client(http);
        using var gone = new CancellationTokenSource();
        var call = client.SendAsync(Requests.Over(client, Requests.Json("{}")), gone.Token);
        await entered.Task.WaitAsync(Patience);

        await gone.CancelAsync();

        await cancelled.Task.WaitAsync(Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }
}
