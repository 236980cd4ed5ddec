using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

public sealed class SourceChainTests
{
    [Fact]
    public async Task Pod_not_found_falls_back_to_the_next_backend()
    {
        var backends = new ListedBackends(
            ("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Throwing(LogStreamError.NotFound)),
            ("Files", LogSourceKind.Archive, ScriptedStreamer.Writing(TailEnd.Complete, "one", "two")));
        using var rig = new TailerRig(backends);
        var sink = new CollectingSink();

        var end = await rig.RunAsync(sink, Some.Request() with { Follow = FollowMode.Never });

        Assert.Equal(EndReason.ContainerEnded, end);
        Assert.Equal(["one", "two"], sink.Lines);
        Assert.Empty(sink.Notices);
        Assert.Equal(0, backends.OpenLeases);
    }

    [Fact]
    public async Task A_pod_unknown_everywhere_is_NotFound_with_every_verdict()
    {
        using var rig = new TailerRig(new ListedBackends(
            ("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Throwing(LogStreamError.NotFound, "pod p not found in namespace n", "NOT_FOUND")),
            ("Files", LogSourceKind.Archive, ScriptedStreamer.Throwing(LogStreamError.NotFound, "no files", "NO_FILES"))));

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(new CollectingSink()));

        Assert.Equal(StatusCode.NotFound, failure.Code);
        Assert.Equal("pod p not found in namespace n (Kubernetes); no files (Files)", failure.Message);
        Assert.Equal(["NOT_FOUND", "NO_FILES"], failure.Verdicts.Select(verdict => verdict.Reason));
    }

    [Fact]
    public async Task One_backend_that_could_not_tell_makes_NotFound_of_the_others_no_answer()
    {
        using var rig = new TailerRig(new ListedBackends(
            ("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Throwing(LogStreamError.PermissionDenied, "Kubernetes refused our credentials")),
            ("Files", LogSourceKind.Archive, ScriptedStreamer.Throwing(LogStreamError.NotFound, "no files"))));

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(new CollectingSink()));

        Assert.Equal(StatusCode.PermissionDenied, failure.Code);
        Assert.Contains("Kubernetes refused our credentials", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_stays_away_is_retried_for_its_budget_and_then_moved_past()
    {
        var time = new FakeTimeProvider();
        var away = ScriptedStreamer.Throwing(LogStreamError.Unavailable, "the API server does not answer");
        using var rig = new TailerRig(
            new ListedBackends(("Kubernetes", LogSourceKind.Live, away), ("Files", LogSourceKind.Archive, ScriptedStreamer.Writing(TailEnd.Complete, "one"))), time);
        var sink = new CollectingSink();
        var started = time.GetTimestamp();

        var run = rig.RunAsync(sink, Some.Request() with { Follow = FollowMode.Never });
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await run;
        Assert.Equal(["one"], sink.Lines);
        Assert.Contains(sink.Notices, notice => notice.Contains("the API server does not answer", StringComparison.Ordinal));
        Assert.True(time.GetElapsedTime(started) >= TimeSpan.FromSeconds(60));
        Assert.True(away.Requests.Count > 10, $"{away.Requests.Count} tries");
    }

    [Fact]
    public async Task An_error_that_retrying_cannot_mend_moves_on_at_once()
    {
        var refused = ScriptedStreamer.Throwing(LogStreamError.FailedPrecondition);
        using var rig = new TailerRig(new ListedBackends(
            ("Kubernetes", LogSourceKind.Live, refused), ("Files", LogSourceKind.Archive, ScriptedStreamer.Writing(TailEnd.Complete, "one"))));
        var sink = new CollectingSink();

        await rig.RunAsync(sink);

        Assert.Equal(["one"], sink.Lines);
        Assert.Single(refused.Requests);
    }

    [Fact]
    public async Task A_backend_that_throws_what_it_should_not_is_Internal_and_its_text_stays_inside()
    {
        var broken = new ScriptedStreamer((_, _, _) => throw new InvalidOperationException("password=hunter2"));
        using var rig = new TailerRig(
            new ListedBackends(("Kubernetes", LogSourceKind.Live, broken)), configure: options => options.Retry.BeforeFirstLine = TimeSpan.Zero);

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(new CollectingSink()));

        Assert.Equal(StatusCode.Internal, failure.Code);
        Assert.DoesNotContain("hunter2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_that_alone_has_the_log_is_read_again_with_an_end_so_that_late_lines_arrive()
    {
        var archive = new ScriptedStreamer(
            async (_, output, token) =>
            {
                await output.WriteAsync(Some.Batch("one"), token);
                return TailEnd.Stopped;
            },
            async (_, output, token) =>
            {
                await output.WriteAsync(Some.Batch("one", "late"), token);
                return TailEnd.Complete;
            });
        using var rig = new TailerRig(new ListedBackends(
            ("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Throwing(LogStreamError.NotFound)), ("Files", LogSourceKind.Archive, archive)));
        var sink = new CollectingSink();

        var end = await rig.RunAsync(sink);

        Assert.Equal(EndReason.ContainerEnded, end);
        Assert.Equal(["one", "late"], sink.Lines);
        Assert.Equal(FollowMode.Never, archive.Requests[0].Follow);
        Assert.NotNull(archive.Requests[1].EndedAt);
    }

    [Fact]
    public async Task A_pod_that_vanishes_and_that_nobody_else_has_ends_with_a_notice()
    {
        using var rig = new TailerRig(new ListedBackends(
            ("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Writing(TailEnd.SourceGone, "one")),
            ("Files", LogSourceKind.Archive, ScriptedStreamer.Throwing(LogStreamError.NotFound))));
        var sink = new CollectingSink();

        var end = await rig.RunAsync(sink, Some.Request() with { Follow = FollowMode.Never });

        Assert.Equal(EndReason.SourceGone, end);
        Assert.Equal(["one"], sink.Lines);
        Assert.Contains("last lines may be missing", Assert.Single(sink.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_vanishes_during_a_reconnect_goes_on_in_the_next_backend_at_the_same_line()
    {
        var live = new ScriptedStreamer(
            async (_, output, token) =>
            {
                await output.WriteAsync(Some.Batch("one", "two"), token);
                throw new LogStreamException(LogStreamError.Unavailable, "cut", "STREAM_CUT");
            },
            (_, _, _) => throw new LogStreamException(LogStreamError.NotFound, "gone", "NOT_FOUND"));
        using var rig = new TailerRig(new ListedBackends(
            ("Kubernetes", LogSourceKind.Live, live), ("Files", LogSourceKind.Archive, ScriptedStreamer.Writing(TailEnd.Complete, "one", "two", "three"))));
        var sink = new CollectingSink();

        var end = await rig.RunAsync(sink);

        Assert.Equal(EndReason.ContainerEnded, end);
        Assert.Equal(["one", "two", "three"], sink.Lines);
        Assert.Contains(sink.Notices, notice => notice.Contains("Kubernetes lost the pod", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chain_without_any_active_backend_says_where_to_look()
    {
        using var rig = new TailerRig(new ListedBackends());

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => rig.RunAsync(new CollectingSink()));

        Assert.Equal(StatusCode.FailedPrecondition, failure.Code);
        Assert.Contains("ListBackends", failure.Message, StringComparison.Ordinal);
    }
}
