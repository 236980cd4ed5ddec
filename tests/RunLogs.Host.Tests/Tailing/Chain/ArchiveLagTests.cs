using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>An archive that has not received everything when the pod vanishes.</summary>
public sealed class ArchiveLagTests
{
    private static readonly List<(LogTimestamp Time, string Text)> Log =
        [.. Enumerable.Range(0, 300).Select(i => (new LogTimestamp(Some.Time.UnixNanoseconds + (i * 20_000_000L)), $"line {i}"))];

    private static readonly IEnumerable<string> Whole = Log.Select(line => line.Text);

    [Fact]
    public async Task An_archive_that_has_nothing_at_first_is_waited_for_with_one_notice()
    {
        using var rig = Rig(live: 200, at => at.TotalSeconds < 100 ? 0 : Log.Count);

        var outcome = await rig.RunAsync();

        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Complete), outcome);
        Assert.Equal(Whole, rig.Lines);
        Assert.Equal([LogNoticeKind.ArchiveLag, LogNoticeKind.SourceChanged], rig.Kinds);
    }

    [Fact]
    public async Task An_archive_that_ends_before_the_position_is_waited_for()
    {
        using var rig = Rig(live: 200, at => at.TotalSeconds < 100 ? 150 : Log.Count);

        var outcome = await rig.RunAsync();

        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Complete), outcome);
        Assert.Equal(Whole, rig.Lines);
        Assert.Equal([LogNoticeKind.ArchiveLag, LogNoticeKind.SourceChanged], rig.Kinds);
    }

    [Fact]
    public async Task An_archive_that_was_away_is_asked_again()
    {
        using var rig = new ChainRig(
            ("Kubernetes", LogSourceKind.Live, time => new CopiedLog(Log, LogSourceKind.Live, time) { GoneAt = 200 }),
            ("Files", LogSourceKind.Archive, time => new CopiedLog(Log, LogSourceKind.Archive, time) { Away = at => at.TotalSeconds < 200 }));

        var outcome = await rig.RunAsync();

        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Complete), outcome);
        Assert.Equal(Whole, rig.Lines);
    }

    [Fact]
    public async Task Every_archive_gets_a_turn_in_every_round()
    {
        CopiedLog? first = null;
        using var rig = new ChainRig(
            ("Files", LogSourceKind.Archive, time => first = new CopiedLog(Log, LogSourceKind.Archive, time) { Held = _ => 0 }),
            ("Kubernetes", LogSourceKind.Live, time => new CopiedLog(Log, LogSourceKind.Live, time) { GoneAt = 200 }),
            ("CloudWatch", LogSourceKind.Archive, time => new CopiedLog(Log, LogSourceKind.Archive, time) { Held = at => at.TotalSeconds < 22 ? 100 : Log.Count }));

        var outcome = await rig.RunAsync();

        Assert.Equal(EndReason.ContainerEnded, outcome.Reason);
        Assert.Equal(Whole, rig.Lines);
        Assert.Equal([("Kubernetes", "CloudWatch")], rig.Changes);
        Assert.InRange(first!.Requests.Count, 5, 8);
    }

    [Fact]
    public async Task An_archive_that_never_gets_as_far_as_the_client_makes_the_log_truncated_at_the_limit()
    {
        using var rig = Rig(live: 200, _ => 150);

        var outcome = await rig.RunAsync();

        Assert.Equal((EndReason.SourceGone, Completeness.Truncated), (outcome.Reason, outcome.Completeness));
        Assert.Contains("no archive caught up", outcome.Why, StringComparison.Ordinal);
        Assert.Equal([LogNoticeKind.ArchiveLag, LogNoticeKind.LinesLost], rig.Kinds);
        Assert.Equal(Whole.Take(200), rig.Lines);
        Assert.InRange(rig.Elapsed, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(302));
    }

    [Fact]
    public async Task An_archive_that_never_has_anything_makes_it_unknown_at_the_limit()
    {
        using var rig = Rig(live: 200, _ => 0);

        var outcome = await rig.RunAsync();

        Assert.Equal((EndReason.SourceGone, Completeness.Unknown), (outcome.Reason, outcome.Completeness));
        Assert.Contains("in time", outcome.Why, StringComparison.Ordinal);
        Assert.Equal([LogNoticeKind.ArchiveLag, LogNoticeKind.ArchiveLag], rig.Kinds);
        Assert.InRange(rig.Elapsed, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(302));
    }

    [Theory]
    [InlineData(FollowMode.Never)]
    [InlineData(FollowMode.Auto)]
    public async Task Nobody_waits_when_it_is_not_followed_or_when_no_archive_is_there(FollowMode follow)
    {
        using var rig = follow == FollowMode.Never ? Rig(live: 200, _ => 0)
            : new ChainRig(("Kubernetes", LogSourceKind.Live, time => new CopiedLog(Log, LogSourceKind.Live, time) { GoneAt = 200 }));

        var outcome = await rig.RunAsync(Some.Request() with { Follow = follow });

        Assert.Equal((EndReason.SourceGone, Completeness.Unknown), (outcome.Reason, outcome.Completeness));
        Assert.Equal(TimeSpan.Zero, rig.Elapsed);
        Assert.Contains("last lines may be missing", Assert.Single(rig.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_that_refuses_us_is_not_asked_again()
    {
        var refusing = ScriptedStreamer.Throwing(LogStreamError.PermissionDenied, "refused", "FORBIDDEN");
        using var rig = new ChainRig(
            ("Kubernetes", LogSourceKind.Live, time => new CopiedLog(Log, LogSourceKind.Live, time) { GoneAt = 200 }),
            ("Files", LogSourceKind.Archive, _ => refusing),
            ("CloudWatch", LogSourceKind.Archive, time => new CopiedLog(Log, LogSourceKind.Archive, time) { Held = at => at.TotalSeconds < 60 ? 0 : Log.Count }));

        await rig.RunAsync();

        Assert.Equal(Whole, rig.Lines);
        Assert.Single(refusing.Requests);
    }

    private static ChainRig Rig(int live, Func<TimeSpan, int> held) => new(
        ("Kubernetes", LogSourceKind.Live, time => new CopiedLog(Log, LogSourceKind.Live, time) { GoneAt = live }),
        ("Files", LogSourceKind.Archive, time => new CopiedLog(Log, LogSourceKind.Archive, time) { Held = held }));
}
