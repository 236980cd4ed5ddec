using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A backend that breaks off although nothing failed, and one that stays away.</summary>
public sealed class PauseTests
{
    [Fact]
    public async Task A_slow_clients_pauses_are_silent_and_cost_no_budget()
    {
        var source = new ScriptedStreamer([.. Enumerable.Repeat<Func<TailRequest, ChannelWriter<LogBatch>, CancellationToken, Task<TailEnd>>>(
            (_, _, _) => throw new LogStreamException(LogStreamError.Unavailable, "nobody takes it", "NO_ROOM") { IsPause = true }, 20), Writing("one")]);
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, source)), configure: options => options.Retry.BeforeFirstLine = TimeSpan.FromMilliseconds(1));
        var sink = new CollectingSink();

        Assert.Equal(EndReason.ContainerEnded, await rig.RunAsync(sink));

        Assert.Equal(["one"], sink.Lines);
        Assert.Empty(sink.Notices);
    }

    [Fact]
    public async Task A_node_that_cannot_follow_is_told_once()
    {
        var source = new ScriptedStreamer(Exhausted("one"), Exhausted("one"), Exhausted("one", "two"), Writing("one", "two", "three"));
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, source)), configure: options => options.Retry.WhileFollowing = TimeSpan.FromMilliseconds(1));
        var sink = new CollectingSink();

        Assert.Equal(EndReason.ContainerEnded, await rig.RunAsync(sink));

        Assert.Equal(["one", "two", "three"], sink.Lines);
        Assert.StartsWith("the node cannot follow", Assert.Single(sink.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reason_alone_makes_no_pause()
    {
        var source = ScriptedStreamer.Throwing(LogStreamError.Unavailable, "nobody takes it", "SLOW_CLIENT");
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, source)), configure: options => options.Retry.BeforeFirstLine = TimeSpan.FromMilliseconds(1));

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(new CollectingSink()));

        Assert.Contains("nobody takes it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Retries_are_200_ms_apart_for_30_s_and_5_s_afterwards_until_the_budget_ends()
    {
        var time = new FakeTimeProvider();
        var delays = new RetryDelays(new RetryOptions { WhileFollowing = TimeSpan.FromMinutes(2) }, time);
        var began = time.GetTimestamp();
        List<(TimeSpan At, TimeSpan Delay)> waits = [];

        while (delays.Next(null, following: true) is { } delay)
        {
            waits.Add((time.GetElapsedTime(began), delay));
            time.Advance(delay);
        }

        Assert.All(waits.Where(wait => wait.At < TimeSpan.FromSeconds(30)), wait => Assert.InRange(wait.Delay, TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(200)));
        Assert.All(waits.Where(wait => wait.At >= TimeSpan.FromSeconds(30)).SkipLast(1), wait => Assert.InRange(wait.Delay, TimeSpan.FromMilliseconds(2500), TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromMinutes(2), time.GetElapsedTime(began));
        Assert.True(waits.Select(wait => wait.Delay).Distinct().Count() > waits.Count / 2, "The waits have no jitter.");
    }

    private static Func<TailRequest, ChannelWriter<LogBatch>, CancellationToken, Task<TailEnd>> Writing(params string[] lines) => async (_, output, token) =>
    {
        await output.WriteAsync(Some.Batch(lines), token);
        return TailEnd.Complete;
    };

    private static Func<TailRequest, ChannelWriter<LogBatch>, CancellationToken, Task<TailEnd>> Exhausted(params string[] lines) => async (_, output, token) =>
    {
        await output.WriteAsync(Some.Batch(lines), token);
        throw new LogStreamException(LogStreamError.Unavailable, "the node cannot follow more logs: raise it", "NO_FOLLOW") { IsPause = true, RetryAfter = TimeSpan.FromMilliseconds(1) };
    };
}
