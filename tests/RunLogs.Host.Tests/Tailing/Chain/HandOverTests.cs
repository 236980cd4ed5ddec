using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A stream that goes on in another backend.</summary>
public sealed class HandOverTests
{
    private static readonly List<(LogTimestamp Time, string Text)> Log =
        [.. Enumerable.Range(0, 400).Select(i => (new LogTimestamp(Some.Time.UnixNanoseconds + (i * 20_000_000L)), $"line {i}"))];

    private static readonly IEnumerable<string> Whole = Log.Select(line => line.Text);

    [Fact]
    public async Task A_deleted_pods_log_goes_on_in_the_archive_and_is_complete()
    {
        using var rig = Rig(time => new CopiedLog(Log, LogSourceKind.Live, time) { GoneAt = 123 }, time => new CopiedLog(Log, LogSourceKind.Archive, time));

        var outcome = await rig.RunAsync();

        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Complete), outcome);
        Assert.Equal(Whole, rig.Lines);
        Assert.Equal([("Kubernetes", "Files")], rig.Changes);
        Assert.Equal("Kubernetes lost the pod run-a0-0: its log goes on from Files.", Assert.Single(rig.Notices).Message);
    }

    [Fact]
    public async Task The_archive_is_told_what_the_live_source_knew_and_that_the_container_ended()
    {
        CopiedLog? archive = null;
        using var rig = Rig(
            time => new CopiedLog(Log, LogSourceKind.Live, time) { GoneAt = 123, StartedAt = Some.Time, Instance = new ContainerInstance { ContainerId = "c1" } },
            time => archive = new CopiedLog(Log, LogSourceKind.Archive, time));

        await rig.RunAsync();

        Assert.All(archive!.Requests, request => Assert.Equal(("uid", "c1", Some.Time, LogTimestamp.From(ChainRig.Start)), (request.PodUid, request.ContainerId, request.ContainerStart, request.EndedAt)));
    }

    [Fact]
    public async Task An_API_server_away_beyond_the_budget_hands_over_and_gets_the_tail_back_when_it_answers()
    {
        using var rig = Rig(
            time => new CopiedLog(Log, LogSourceKind.Live, time) { Held = at => (int)at.TotalSeconds, Away = at => at.TotalSeconds is > 60 and < 300 },
            time => new CopiedLog(Log, LogSourceKind.Archive, time) { Held = at => Math.Max(0, (int)at.TotalSeconds - 5) });

        var outcome = await rig.RunAsync();

        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Complete), outcome);
        Assert.Equal(Whole, rig.Lines);
        Assert.Equal([("Kubernetes", "Files"), ("Files", "Kubernetes")], rig.Changes);
        Assert.Contains(rig.Notices, notice => notice is { Kind: LogNoticeKind.SourceFailed } && notice.Message.Contains("the Live source is away", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_live_source_that_comes_back_without_the_pod_lets_the_archive_end()
    {
        CopiedLog? archive = null;
        using var rig = Rig(
            time => new ScriptedStreamer(
                async (_, output, token) =>
                {
                    await new CopiedLog(Log, LogSourceKind.Live, time) { GoneAt = 100 }.TailLogsAsync(Some.Request(), output, token);
                    throw new LogStreamException(LogStreamError.PermissionDenied, "refused", "FORBIDDEN");
                },
                (_, _, _) => throw new LogStreamException(LogStreamError.Unavailable, "away", "UNREACHABLE"),
                (_, _, _) => throw new LogStreamException(LogStreamError.NotFound, "pod gone", "NOT_FOUND")),
            time => archive = new CopiedLog(Log, LogSourceKind.Archive, time));

        var outcome = await rig.RunAsync();

        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Complete), outcome);
        Assert.Equal(Whole, rig.Lines);
        Assert.Null(archive!.Requests[0].EndedAt);
        Assert.True(archive.Requests[^1].EndedAt!.Value >= LogTimestamp.From(ChainRig.Start.AddSeconds(60)));
    }

    [Fact]
    public async Task A_probe_that_hangs_is_given_up_and_asked_again()
    {
        var asked = 0;
        using var rig = Rig(
            time => new ScriptedStreamer(
                (_, _, _) => throw new LogStreamException(LogStreamError.PermissionDenied, "refused", "FORBIDDEN"),
                async (_, _, token) =>
                {
                    asked++;
                    await Task.Delay(Timeout.InfiniteTimeSpan, time, token);
                    return TailEnd.Complete;
                }),
            time => new CopiedLog(Log, LogSourceKind.Archive, time));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.RunAsync(atMost: TimeSpan.FromSeconds(125)));

        Assert.Equal(3, asked);
        Assert.Equal(Whole, rig.Lines);
    }

    [Theory]
    [InlineData(true, "Kubernetes")]
    [InlineData(false, "Files")]
    public async Task Only_the_kind_that_was_asked_for_is_asked(bool live, string backend)
    {
        using var rig = Rig(_ => ScriptedStreamer.Writing(TailEnd.Complete, "Kubernetes"), _ => ScriptedStreamer.Writing(TailEnd.Complete, "Files"));

        await rig.RunAsync(sources: live ? SourceSelection.LiveOnly : SourceSelection.PersistedOnly);

        Assert.Equal([backend], rig.Lines);
    }

    [Fact]
    public async Task A_kind_that_the_chain_does_not_have_is_FailedPrecondition_with_a_sentence()
    {
        using var rig = new ChainRig(("Kubernetes", LogSourceKind.Live, _ => ScriptedStreamer.Writing(TailEnd.Complete, "one")));

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(sources: SourceSelection.PersistedOnly));

        Assert.Equal(StatusCode.FailedPrecondition, failure.Code);
        Assert.StartsWith("Archives only were asked for, and no archive is active", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_did_not_load_is_told_whatever_kind_was_asked_for()
    {
        using var rig = new ChainRig(("Kubernetes", LogSourceKind.Live, _ => ScriptedStreamer.Writing(TailEnd.Complete, "one")));
        rig.Backends.Unloaded = "CloudWatch";

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(sources: SourceSelection.PersistedOnly));

        Assert.Equal((StatusCode.Unavailable, "BACKEND_NOT_ACTIVE"), (failure.Code, Assert.Single(failure.Verdicts).Reason));
    }

    [Fact]
    public async Task Words_that_make_clients_log_in_again_never_reach_them()
    {
        using var rig = Rig(
            _ => ScriptedStreamer.Throwing(LogStreamError.PermissionDenied, "401 Unauthorized: user is UNAUTHENTICATED", "FORBIDDEN"),
            _ => ScriptedStreamer.Throwing(LogStreamError.NotFound, "no copy", "NOT_FOUND"));

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync());

        Assert.Equal("401 refused: user is refused (Kubernetes); no copy (Files)", failure.Message);
        Assert.Equal(["FORBIDDEN", "NOT_FOUND"], failure.Verdicts.Select(verdict => verdict.Reason));
    }

    [Fact]
    public async Task An_archive_that_may_still_receive_the_log_says_so()
    {
        using var rig = Rig(
            _ => ScriptedStreamer.Throwing(LogStreamError.NotFound, "pod gone", "NOT_FOUND"), _ => ScriptedStreamer.Throwing(LogStreamError.NotFound, "no copy", "NOT_FOUND"));

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(Some.Request() with { EndedAt = LogTimestamp.From(ChainRig.Start) }));

        Assert.Equal(StatusCode.NotFound, failure.Code);
        Assert.Equal(["NOT_FOUND", "LAG_PENDING"], failure.Verdicts.Select(verdict => verdict.Reason));
    }

    private static ChainRig Rig(Func<TimeProvider, ILogStreamer> live, Func<TimeProvider, ILogStreamer> archive) =>
        new(("Kubernetes", LogSourceKind.Live, live), ("Files", LogSourceKind.Archive, archive));
}
