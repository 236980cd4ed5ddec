using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

public sealed class TailerTests
{
    // One line, and then silence until it is cancelled.
    private static readonly Func<TailRequest, System.Threading.Channels.ChannelWriter<LogBatch>, CancellationToken, Task<TailEnd>> LineThenSilence = async (_, output, token) =>
    {
        await output.WriteAsync(Some.Batch("one"), token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        return TailEnd.Complete;
    };

    [Fact]
    public async Task The_101st_stream_is_refused_and_a_freed_place_is_used_again()
    {
        var backends = new ListedBackends(("Kubernetes", LogSourceKind.Live, new ScriptedStreamer(LineThenSilence)));
        using var rig = new TailerRig(backends);
        using var gone = new CancellationTokenSource();
        var sinks = Enumerable.Range(0, 100).Select(_ => new CollectingSink()).ToList();
        var open = sinks.Select(sink => rig.RunAsync(sink, client: gone.Token)).ToList();
        await Task.WhenAll(sinks.Select(sink => sink.Received(1)));

        var refused = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(new CollectingSink()));
        await gone.CancelAsync();
        await Task.WhenAll(open.Select(run => Assert.ThrowsAsync<TailFailedException>(() => run)));
        using var lastGone = new CancellationTokenSource();
        var last = new CollectingSink();
        var again = rig.RunAsync(last, client: lastGone.Token);
        await last.Received(1);
        await lastGone.CancelAsync();

        Assert.Equal(StatusCode.ResourceExhausted, refused.Code);
        Assert.Equal("too many concurrent log streams", refused.Message);
        await Assert.ThrowsAsync<TailFailedException>(() => again);
        Assert.Equal(0, backends.OpenLeases);
    }

    [Fact]
    public async Task A_tail_beats_while_it_waits_to_know_what_it_streams()
    {
        var time = new FakeTimeProvider();
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Writing(TailEnd.Complete, "one"))), time);
        var plan = new TaskCompletionSource<TailPlan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new CollectingSink();
        var run = rig.Tailer.RunAsync(new TailCall("caller", plan.Task.WaitAsync, DateTimeOffset.MaxValue), sink, CancellationToken.None);

        for (var beats = 0; beats < 3; beats = sink.Heartbeats)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.False(sink.Accepted);
        plan.SetResult(TailPlan.Of(Some.Request()));
        Assert.Equal(EndReason.ContainerEnded, await run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(["one"], sink.Lines);
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_waits_ends_the_wait()
    {
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Writing(TailEnd.Complete, "one"))));
        using var gone = new CancellationTokenSource();
        var planning = new TaskCompletionSource();
        var run = rig.Tailer.RunAsync(
            new TailCall("caller", async token =>
            {
                planning.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return TailPlan.Of(Some.Request());
            }, DateTimeOffset.MaxValue), new CollectingSink(), gone.Token);
        await planning.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await gone.CancelAsync();

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(StatusCode.Cancelled, failure.Code);
    }

    [Fact]
    public async Task A_silent_tail_beats_every_15_seconds()
    {
        var time = new FakeTimeProvider();
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, new ScriptedStreamer(LineThenSilence))), time);
        using var gone = new CancellationTokenSource();
        var sink = new CollectingSink();
        var run = rig.RunAsync(sink, client: gone.Token);
        await sink.Received(1);

        var beats = sink.Received(3);
        while (!beats.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await beats;
        await gone.CancelAsync();
        await Assert.ThrowsAsync<TailFailedException>(() => run);
        Assert.InRange(sink.Heartbeats, 2, 3);
    }

    [Fact]
    public async Task A_stopping_host_ends_tails_as_Aborted()
    {
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, new ScriptedStreamer(LineThenSilence))));
        var sink = new CollectingSink();
        var run = rig.RunAsync(sink);
        await sink.Received(1);

        rig.StopApplication();

        Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<TailFailedException>(() => run)).Code);
    }

    [Fact]
    public async Task A_cancellation_at_the_deadline_is_the_deadlines()
    {
        var time = new FakeTimeProvider();
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, new ScriptedStreamer(LineThenSilence))), time);
        using var client = new CancellationTokenSource();
        var sink = new CollectingSink();
        var run = rig.RunAsync(sink, deadline: time.GetUtcNow().AddSeconds(5), client: client.Token);
        await sink.Received(1);

        time.Advance(TimeSpan.FromSeconds(5));
        await client.CancelAsync();

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<TailFailedException>(() => run)).Code);
    }

    [Fact]
    public async Task A_slow_client_holds_its_source_at_the_byte_bound()
    {
        var accepted = 0;
        var full = new TaskCompletionSource();
        var source = new ScriptedStreamer(async (_, output, token) =>
        {
            var text = new string('x', 100_000);
            for (var i = 0; i < 100; i++)
            {
                var batch = Some.Batch(text);
                if (!output.TryWrite(batch))
                {
                    full.TrySetResult();
                    await output.WriteAsync(batch, token);
                }

                accepted++;
            }

            return TailEnd.Complete;
        });
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, source)));
        var gate = new TaskCompletionSource();
        var sink = new CollectingSink { Gate = gate.Task };
        var run = rig.RunAsync(sink);

        await full.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var acceptedWhileStalled = accepted;
        gate.SetResult();
        await run;

        Assert.InRange(acceptedWhileStalled, 1, 12);
        Assert.Equal(100, sink.Lines.Count);
    }

    [Fact]
    public async Task The_meter_counts_lines_bytes_ends_fallbacks_and_the_first_line()
    {
        using var rig = new TailerRig(new ListedBackends(
            ("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Throwing(LogStreamError.NotFound, "gone", "NOT_FOUND")),
            ("Files", LogSourceKind.Archive, ScriptedStreamer.Writing(TailEnd.Complete, "one", "three"))));
        using var measured = new CollectedMeasurements(rig.Meters);

        await rig.RunAsync(new CollectingSink(), Some.Request() with { Follow = FollowMode.Never });

        Assert.Equal([(2, "Files")], measured.Of("runlogs.lines"));
        Assert.Equal([(8, "Files")], measured.Of("runlogs.bytes"));
        Assert.Equal([(1, ""), (-1, "")], measured.Of("runlogs.tails.active"));
        Assert.Equal([(1, "container_ended")], measured.Of("runlogs.tails.ended"));
        Assert.Equal([(1, "Kubernetes,NOT_FOUND")], measured.Of("runlogs.fallbacks"));
        Assert.Single(measured.Of("runlogs.time_to_first_line"));
    }
}
