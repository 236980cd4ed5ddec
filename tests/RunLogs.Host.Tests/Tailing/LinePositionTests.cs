using System.Buffers;
using System.Text;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>What a position remembers of lines that come many at a time.</summary>
public sealed class LinePositionTests
{
    /// <summary>How logs pass: nanoseconds between two lines at most, how far a late one goes back, and one of how many is timeless or continues.</summary>
    public static TheoryData<int, int, int> Logs => new()
    {
        { 50_000_000, 0, 0 },
        { 2_000_000, 0, 0 },
        { 150_000, 0, 0 },
        { 1_000, 0, 0 },
        { 0, 0, 0 },
        { 2_000_000, 5_000_000, 0 },
        { 2_000_000, 0, 500 },
        { 3_000_000, 2_000_000_000, 300 },
    };

    [Theory]
    [MemberData(nameof(Logs))]
    public void Batches_leave_the_position_that_their_lines_leave_one_by_one(int pace, int late, int oneOf)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var fromTheStart = random.Next(2) == 0;
            var (together, single) = (new LinePosition(fromTheStart), new LinePosition(fromTheStart));
            var now = Some.Time.UnixNanoseconds;
            for (var batches = 0; batches < 12; batches++)
            {
                using var batch = new LogBatch();
                for (var lines = random.Next(2) == 0 ? LogBatch.MaxLines : random.Next(1, 300); lines > 0; lines--)
                {
                    now += random.Next(pace + 1);
                    var isOdd = oneOf > 0 && random.Next(oneOf) == 0;
                    var time = now - (late > 0 && random.Next(200) == 0 ? random.Next(late) : 0);
                    Append(batch, isOdd && random.Next(2) == 0 ? LogTimestamp.None : new LogTimestamp(time), $"line {random.Next()}", isOdd ? LineEnd.Continues : LineEnd.LineFeed);
                }

                Advance(together, batch);
                AdvanceOneByOne(single, batch);
                Assert.Equal(Shown(single), Shown(together));
            }
        }
    }

    private static void Advance(LinePosition position, LogBatch batch)
    {
        var hashes = LineHash.Of(batch)!;
        position.Advance(batch, hashes.AsSpan(hashes.Length - batch.Entries.Length));
        ArrayPool<ulong>.Shared.Return(hashes);
    }

    private static void AdvanceOneByOne(LinePosition position, LogBatch batch)
    {
        foreach (ref readonly var entry in batch.Entries)
        {
            using var one = new LogBatch();
            Append(one, entry.Timestamp, Encoding.UTF8.GetString(batch.TextOf(entry)), entry.End);
            position.Advance(one);
        }
    }

    private static void Append(LogBatch batch, LogTimestamp time, string text, LineEnd end) =>
        Assert.True(batch.TryAppend(time, Encoding.UTF8.GetBytes(text), OutputStream.Stdout, LogOriginator.User, end));

    private static string Shown(LinePosition position)
    {
        var record = position.Save();
        return string.Join('\n', [$"{position.Lines} {record}", .. record.Counts, .. record.Tail]);
    }
}
