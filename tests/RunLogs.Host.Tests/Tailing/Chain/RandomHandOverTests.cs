using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>Random logs, random deletions, random lag: exactly the log arrives.</summary>
public sealed class RandomHandOverTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_deletion_at_a_random_line_loses_and_repeats_nothing(int seed)
    {
        var random = new Random(seed);
        var log = RandomLog(random, random.Next(1, 2000));
        var (gone, lag) = (random.Next(1, log.Count + 1), random.Next(0, 250));
        using var rig = new ChainRig(
            ("Kubernetes", LogSourceKind.Live, time => new CopiedLog(log, LogSourceKind.Live, time) { GoneAt = gone, Held = at => 1 + (int)(at.TotalSeconds * 500) }),
            ("Files", LogSourceKind.Archive, time => new CopiedLog(log, LogSourceKind.Archive, time) { IsCoarse = random.Next(2) == 0, Held = at => (int)(log.Count * Math.Min(1, at.TotalSeconds / (lag + 1))) }));

        var outcome = await rig.RunAsync();

        Assert.Equal(log.Select(line => line.Text), rig.Lines);
        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Complete), outcome);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task An_outage_at_a_random_time_loses_and_repeats_nothing(int seed)
    {
        var random = new Random(seed);
        var log = RandomLog(random, 1500);
        var (from, length, lag) = (random.Next(0, 150), random.Next(1, 600), random.Next(0, 60));
        using var rig = new ChainRig(
            ("Kubernetes", LogSourceKind.Live, time => new CopiedLog(log, LogSourceKind.Live, time) { Held = at => (int)(at.TotalSeconds * 4), Away = at => at.TotalSeconds > from && at.TotalSeconds < from + length }),
            ("Files", LogSourceKind.Archive, time => new CopiedLog(log, LogSourceKind.Archive, time) { IsCoarse = random.Next(2) == 0, Held = at => (int)(Math.Max(1, at.TotalSeconds - lag) * 4) }));

        var outcome = await rig.RunAsync();

        Assert.Equal(log.Select(line => line.Text), rig.Lines);
        Assert.Equal(new LogOutcome(EndReason.ContainerEnded, Completeness.Complete), outcome);
    }

    // Equal times, equal texts and times that go back by milliseconds, as two busy streams of one container make them.
    private static List<(LogTimestamp Time, string Text)> RandomLog(Random random, int lines)
    {
        var now = Some.Time.UnixNanoseconds;
        var log = new List<(LogTimestamp, string)>();
        for (var i = 0; i < lines; i++)
        {
            now += random.Next(4) == 0 ? random.Next(0, 80_000_000) : 0;
            var jitter = random.Next(10) == 0 ? random.Next(0, 4_500_000) : 0;
            log.Add((new LogTimestamp(now - jitter), random.Next(3) == 0 ? "the same text" : $"line {i}"));
        }

        return log;
    }
}
