using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A tail of several containers, from its sources to its client.</summary>
public sealed class SeveralLogsTests
{
    private static readonly TailPlan Plan = new() { Logs = [.. Enumerable.Range(0, 3).Select(log => Some.Request() with { Container = $"c{log}" })] };

    [Fact]
    public async Task All_of_them_are_delivered_and_closed_as_one()
    {
        using var rig = Rig((request, output, token) => WriteAsync(output, TailEnd.Complete, token, $"{request.Container} one", $"{request.Container} two"));
        var sink = new CollectingSink();

        var reason = await rig.RunAsync(sink, Plan);

        Assert.Equal(EndReason.ContainerEnded, reason);
        Assert.Equal(6, sink.Lines.Count);
        Assert.Equal((6, new LogOutcome(EndReason.ContainerEnded, Completeness.Complete)), (sink.Closing!.Lines, sink.Closing.Outcome));
    }

    [Fact]
    public async Task One_that_fails_leaves_the_others_whole_and_the_tail_unknown()
    {
        using var rig = Rig((request, output, token) => request.Container == "c1"
            ? throw new LogStreamException(LogStreamError.NotFound, "c1 is not there", "NOT_FOUND")
            : WriteAsync(output, TailEnd.Complete, token, "one"));
        var sink = new CollectingSink();

        await rig.RunAsync(sink, Plan);

        Assert.Equal(["one", "one"], sink.Lines);
        Assert.Equal(["The log of flyte/run-a0-0/c1 cannot be read, and the others go on without it: c1 is not there"], sink.Notices);
        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Unknown, "c1 is not there"), sink.Closing!.Outcome);
    }

    [Fact]
    public async Task Only_when_all_fail_does_the_call()
    {
        using var rig = Rig((request, _, _) => throw new LogStreamException(LogStreamError.NotFound, $"{request.Container} is not there", "NOT_FOUND"));
        var sink = new CollectingSink();

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(sink, Plan));

        Assert.Equal((StatusCode.NotFound, "c0 is not there; c1 is not there; c2 is not there"), (failure.Code, failure.Message));
        Assert.Equal(3, failure.Verdicts.Count);
        Assert.Empty(sink.Notices);
    }

    [Fact]
    public async Task Line_by_line_every_line_is_a_write_of_its_own()
    {
        using var rig = Rig((_, output, token) => WriteAsync(output, TailEnd.Complete, token, "one", "two", "three"));
        var sink = new CollectingSink { TakesSingleLines = true };

        await rig.RunAsync(sink);

        Assert.Equal(["one", "two", "three"], sink.Lines);
        Assert.Equal(3, sink.Writes);
    }

    [Fact]
    public async Task A_client_that_wants_none_of_many_lines_hears_of_the_host_all_the_same()
    {
        var time = new FakeTimeProvider();
        var more = new SemaphoreSlim(0);
        using var rig = Rig(
            async (_, output, token) =>
            {
                for (var i = 0; i < 4; i++)
                {
                    await more.WaitAsync(token);
                    await output.WriteAsync(Some.Batch("not wanted"), token);
                }

                return TailEnd.Complete;
            },
            time);
        var sink = new CollectingSink();

        var run = rig.RunAsync(sink, TailPlan.Of(Some.Request()) with { Filter = TailFilter.Containing("error") });
        for (var i = 0; i < 4; i++)
        {
            // Never silent for the 15 seconds of a heartbeat.
            time.Advance(TimeSpan.FromSeconds(8));
            more.Release();
            await sink.Written(i + 1);
        }

        await run;

        Assert.Empty(sink.Lines);
        Assert.Equal(2, sink.Heartbeats);
    }

    private static TailerRig Rig(Func<TailRequest, System.Threading.Channels.ChannelWriter<LogBatch>, CancellationToken, Task<TailEnd>> act, TimeProvider? time = null) =>
        new(new ListedBackends(("Kubernetes", LogSourceKind.Live, new ScriptedStreamer(act))), time);

    private static async Task<TailEnd> WriteAsync(System.Threading.Channels.ChannelWriter<LogBatch> output, TailEnd end, CancellationToken token, params string[] lines)
    {
        await output.WriteAsync(Some.Batch(lines), token);
        return end;
    }
}
