using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>What speaks against a log being whole.</summary>
public sealed class CompletenessTests
{
    [Theory]
    [InlineData(LogNoticeKind.LinesLost, "Truncated")]
    [InlineData(LogNoticeKind.Inexact, "Unknown")]
    [InlineData(LogNoticeKind.LineCut, "Complete")]
    [InlineData(LogNoticeKind.InstanceRestarted, "Complete")]
    public async Task A_backends_notice_decides_whether_the_log_is_complete(LogNoticeKind kind, string completeness)
    {
        using var rig = Rig(TailEnd.Complete, kind);

        var outcome = await rig.RunAsync();

        Assert.Equal((EndReason.ContainerEnded, completeness), (outcome.Reason, outcome.Completeness.ToString()));
        Assert.Equal(completeness == "Complete" ? "" : "what happened", outcome.Why);
    }

    [Fact]
    public async Task A_container_that_may_write_more_has_no_complete_log()
    {
        using var rig = Rig(TailEnd.Stopped, LogNoticeKind.LineCut);

        Assert.Equal(new LogOutcome(EndReason.AsFarAsAsked, Completeness.Unknown, "The container may write more."), await rig.RunAsync());
    }

    [Fact]
    public async Task Lost_lines_outweigh_that_more_may_come()
    {
        using var rig = Rig(TailEnd.Stopped, LogNoticeKind.LinesLost);

        Assert.Equal(new LogOutcome(EndReason.AsFarAsAsked, Completeness.Truncated, "what happened"), await rig.RunAsync());
    }

    private static ChainRig Rig(TailEnd end, LogNoticeKind kind) => new(("Kubernetes", LogSourceKind.Live, _ => new ScriptedStreamer(async (_, output, token) =>
    {
        var batch = Some.Batch("one");
        batch.Add(new LogNotice(kind, "what happened"));
        await output.WriteAsync(batch, token);
        return end;
    })));
}
