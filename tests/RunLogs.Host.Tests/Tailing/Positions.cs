using System.Text;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>Positions as tails leave them behind.</summary>
internal static class Positions
{
    /// <summary>After some hundred lines, with and without times, that may end within a line.</summary>
    public static PositionRecord Random(Random random)
    {
        var position = new LinePosition(fromTheStart: random.Next(3) > 0);
        using var batch = new LogBatch { Instance = random.Next(2) == 0 ? null : new ContainerInstance { RestartCount = random.Next(5), ContainerId = "0a1b2c" } };
        var (now, pace, timeless) = (Some.Time.UnixNanoseconds, random.Next(1, 40_000_000), random.Next(4));
        for (var lines = random.Next(1, 200); lines > 0; lines--)
        {
            now += random.Next(-5_000_000, pace);
            var time = random.Next(4) < timeless ? LogTimestamp.None : new LogTimestamp(now);
            var end = random.Next(20) == 0 ? LineEnd.Continues : LineEnd.LineFeed;
            Assert.True(batch.TryAppend(time, Encoding.UTF8.GetBytes($"line {random.Next(50)}"), OutputStream.Stdout, LogOriginator.User, end));
        }

        position.Advance(batch);
        return position.Save();
    }

    /// <summary>With everything a position can have: every count, each with so many lines, and every mark, two seconds apart.</summary>
    public static PositionRecord Large(long linesOfEach)
    {
        var newest = LogTimestamp.FromUnixSeconds(4_000_000_000);
        var first = 3_999_999_000_000L;
        var counts = Enumerable.Range(0, LineCounts.MaxSeconds).Select(i => new LineCount(first + (i * 400), first + (i * 400) + 390, linesOfEach, 0xFF_FFFF_FFFF))
            .Concat(Enumerable.Range(0, LineCounts.MaxMilliseconds).Select(i => new LineCount(first + 1700 + (i * 70), first + 1701 + (i * 70), linesOfEach, 0xFF_FFFF_FFFF)));
        return new PositionRecord
        {
            Instance = new ContainerInstance { RestartCount = int.MaxValue, ContainerId = new string('e', 128) },
            Newest = newest,
            CountedFrom = 3_999_999_000,
            Counts = [.. counts],
            Timeless = LineCount.Timeless with { Lines = linesOfEach, Digest = 0xFF_FFFF_FFFF },
            Tail = [.. Enumerable.Range(0, LineTail.Capacity).Select(i => new LineMark(uint.MaxValue, 4_000_000_000_000L + (i % 2 * 2000)))],
            PartsOfOpenLine = int.MaxValue,
        };
    }
}
