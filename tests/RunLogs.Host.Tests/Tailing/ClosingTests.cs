using System.IO.Hashing;
using System.Text;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

public sealed class ClosingTests
{
    [Fact]
    public async Task The_closing_record_counts_and_hashes_what_was_delivered()
    {
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Writing(TailEnd.Complete, "one", "", "zwölf"))));
        var sink = new CollectingSink();

        await rig.RunAsync(sink);

        var closing = Assert.IsType<Closing>(sink.Closing);
        Assert.Equal(3, closing.Lines);
        Assert.Equal(9, closing.Bytes);
        Assert.Equal([("Kubernetes", 3)], closing.Shares);
        Assert.Equal(XxHash128.Hash(Encoding.UTF8.GetBytes("one\n\nzwölf\n")), closing.Hash);
        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Complete), closing.Outcome);
    }

    [Fact]
    public async Task A_failed_tail_is_closed_too()
    {
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Throwing(LogStreamError.NotFound, "pod p not found"))));
        var sink = new CollectingSink();

        await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(sink));

        Assert.Equal(new LogOutcome(EndReason.Failed, Completeness.Unknown, "pod p not found"), sink.Closing!.Outcome);
    }
}
