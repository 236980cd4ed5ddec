using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A live log whose beginning was rotated away.</summary>
public sealed class BackFillTests
{
    // Ten lines a second for a minute.
    private static readonly List<(LogTimestamp Time, string Text)> Log =
        [.. Enumerable.Range(0, 600).Select(i => (new LogTimestamp(Some.Time.UnixNanoseconds + (i * 100_000_000L)), $"line {i}"))];

    private static readonly IEnumerable<string> Whole = Log.Select(line => line.Text);

    [Fact]
    public async Task Older_lines_come_first_from_the_archive()
    {
        CopiedLog? archive = null;
        using var rig = Rig(300, time => archive = new CopiedLog(Log, LogSourceKind.Archive, time));

        var outcome = await rig.RunAsync();

        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Complete), outcome);
        Assert.Equal(Whole, rig.Lines);
        Assert.Equal([("Kubernetes", "Files"), ("Files", "Kubernetes")], rig.Changes);
        Assert.Equal((FollowMode.Never, Log[300].Time.Add(TimeSpan.FromSeconds(5))), (Assert.Single(archive!.Requests).Follow, archive.Requests[0].Until));
        Assert.Equal(TimeSpan.Zero, rig.Elapsed);
    }

    [Fact]
    public async Task A_container_that_was_silent_for_10_s_misses_nothing()
    {
        using var rig = Rig(100, _ => throw new InvalidOperationException(), hasArchive: false);

        Assert.Equal(Completeness.Complete, (await rig.RunAsync()).Completeness);
    }

    [Fact]
    public async Task Without_an_archive_the_live_lines_go_out_and_nobody_can_tell()
    {
        using var rig = Rig(300, _ => throw new InvalidOperationException(), hasArchive: false);

        var outcome = await rig.RunAsync();

        Assert.Equal((EndReason.ContainerEnded, Completeness.Unknown), (outcome.Reason, outcome.Completeness));
        Assert.Contains("no archive is in the chain", outcome.Why, StringComparison.Ordinal);
        Assert.Equal(Whole.Skip(300), rig.Lines);
    }

    [Fact]
    public async Task An_archive_that_does_not_answer_holds_the_live_lines_for_10_s()
    {
        using var rig = Rig(300, time => new ScriptedStreamer(async (_, _, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, token);
            return TailEnd.Stopped;
        }));

        var outcome = await rig.RunAsync();

        Assert.Equal(Completeness.Unknown, outcome.Completeness);
        Assert.Contains("Files did not answer within 10 s", outcome.Why, StringComparison.Ordinal);
        Assert.Equal(Whole.Skip(300), rig.Lines);
        Assert.Equal(TimeSpan.FromSeconds(10), rig.Elapsed);
    }

    [Theory]
    [InlineData(LogStreamError.NotFound)]
    [InlineData(LogStreamError.Unavailable)]
    public async Task An_archive_that_cannot_tell_is_passed_over_for_the_next(LogStreamError error)
    {
        using var rig = new ChainRig(
            ("Kubernetes", LogSourceKind.Live, Live(300)),
            ("CloudWatch", LogSourceKind.Archive, _ => ScriptedStreamer.Throwing(error)),
            ("Files", LogSourceKind.Archive, time => new CopiedLog(Log, LogSourceKind.Archive, time)));

        Assert.Equal(Completeness.Complete, (await rig.RunAsync()).Completeness);

        Assert.Equal(Whole, rig.Lines);
    }

    [Fact]
    public async Task An_archive_cut_off_after_10_s_leaves_a_gap_that_is_told()
    {
        using var rig = Rig(300, time => new ScriptedStreamer(async (request, output, token) =>
        {
            await new CopiedLog([.. Log.Take(200)], LogSourceKind.Archive, time).TailLogsAsync(request, output, token);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, token);
            return TailEnd.Stopped;
        }));

        var outcome = await rig.RunAsync();

        Assert.Equal((EndReason.ContainerEnded, Completeness.Truncated), (outcome.Reason, outcome.Completeness));
        Assert.Equal(Whole.Take(200).Concat(Whole.Skip(300)), rig.Lines);
        Assert.Contains(LogNoticeKind.LinesLost, rig.Kinds);
        Assert.Equal(TimeSpan.FromSeconds(10), rig.Elapsed);
    }

    [Theory]
    [InlineData("tail")]
    [InlineData("since")]
    [InlineData("previous")]
    [InlineData("instance")]
    public async Task What_does_not_ask_for_the_beginning_gets_none(string cut)
    {
        CopiedLog? archive = null;
        using var rig = Rig(300, time => archive = new CopiedLog(Log, LogSourceKind.Archive, time));
        var request = Some.Request();

        await rig.RunAsync(cut switch
        {
            "tail" => request with { TailLines = 1000 },
            "since" => request with { Since = Some.Time },
            "previous" => request with { Previous = true },
            _ => request with { Instance = new ContainerInstance { RestartCount = 0 } },
        });

        Assert.Empty(archive!.Requests);
    }

    private static ChainRig Rig(int first, Func<TimeProvider, ILogStreamer> archive, bool hasArchive = true) => hasArchive
        ? new ChainRig(("Kubernetes", LogSourceKind.Live, Live(first)), ("Files", LogSourceKind.Archive, archive))
        : new ChainRig(("Kubernetes", LogSourceKind.Live, Live(first)));

    private static Func<TimeProvider, ILogStreamer> Live(int first) => time => new CopiedLog(Log, LogSourceKind.Live, time) { First = first, StartedAt = Some.Time };
}
