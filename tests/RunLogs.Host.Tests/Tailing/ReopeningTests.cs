using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A tail whose source breaks off delivers every line once, in source order.</summary>
public sealed class ReopeningTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Cuts_at_random_lose_and_repeat_nothing(int seed)
    {
        var random = new Random(seed);
        var log = RandomLog(random, lines: 5000);
        var cuts = Enumerable.Range(0, 6).Select(_ => random.Next(1, log.Count / 2)).ToList();
        var source = new CuttingSource(log, cuts, batchSize: random.Next(1, 200));
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, source)));
        var sink = new CollectingSink();

        var end = await rig.RunAsync(sink);

        Assert.Equal(EndReason.ContainerEnded, end);
        Assert.Equal(log.Select(line => line.Text), sink.Lines);
        Assert.True(source.Opens > 1);
        Assert.DoesNotContain(sink.Notices, notice => notice.Contains("missing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task A_cut_after_a_tail_finds_its_place_by_the_lines_themselves(int seed)
    {
        var random = new Random(seed);
        var log = RandomLog(random, lines: 2000);
        var source = new CuttingSource(log, [150], batchSize: 50);
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, source)));
        var sink = new CollectingSink();

        await rig.RunAsync(sink, Some.Request() with { TailLines = 200 });

        Assert.Equal(log.TakeLast(200).Select(line => line.Text), sink.Lines);
        Assert.True(source.Opens > 1);
    }

    [Fact]
    public async Task Lines_rotated_away_during_a_cut_are_announced_and_nothing_is_repeated()
    {
        var log = Enumerable.Range(0, 1000).Select(i => (new LogTimestamp(Some.Time.UnixNanoseconds + (i * 10_000_000L)), $"line {i}")).ToList();
        var source = new CuttingSource(log, [500], batchSize: 10) { RotatedAway = 600 };
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, source)));
        var sink = new CollectingSink();

        await rig.RunAsync(sink);

        Assert.Equal(Enumerable.Range(0, 500).Concat(Enumerable.Range(600, 400)).Select(i => $"line {i}"), sink.Lines);
        Assert.Contains(sink.Notices, notice => notice.Contains("lines may be missing", StringComparison.Ordinal));
    }

    // Equal times, equal texts and times that go back by milliseconds, as two busy streams of one container make them.
    private static List<(LogTimestamp Time, string Text)> RandomLog(Random random, int lines)
    {
        var now = Some.Time.UnixNanoseconds;
        var log = new List<(LogTimestamp, string)>();
        for (var i = 0; i < lines; i++)
        {
            now += random.Next(4) == 0 ? random.Next(0, 8_000_000) : 0;
            var jitter = random.Next(10) == 0 ? random.Next(0, 4_500_000) : 0;
            log.Add((new LogTimestamp(now - jitter), random.Next(3) == 0 ? "the same text" : $"line {i}"));
        }

        return log;
    }
}
