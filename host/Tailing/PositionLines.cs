using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>The counts and the newest lines of a position as bytes: newest first, each by its distance from the one before.</summary>
internal static class PositionLines
{
    public const int DigestBytes = 5;

    /// <summary>The farthest second from the epoch that a line can have.</summary>
    public const long MostSeconds = (MostMilliseconds / MillisecondsPerSecond) + 2;

    private const int MillisecondsPerSecond = 1000;
    private const long MostMilliseconds = (long.MaxValue / LineMark.NanosecondsPerMillisecond) + 1;
    private const int MaxCounts = LineCounts.MaxMilliseconds + LineCounts.MaxSeconds;
    private const int MarkBytes = 4;

    public static void WriteCounts(ref PositionWriter writer, ReadOnlySpan<LineCount> counts, LogTimestamp newest)
    {
        writer.Byte((byte)counts.Length);
        var next = MillisecondOf(newest);
        for (var i = counts.Length - 1; i >= 0; i--)
        {
            ref readonly var count = ref counts[i];
            writer.Signed(next - count.End);
            writer.Number((ulong)(count.End - count.Start));
            writer.Number((ulong)count.Lines);
            writer.Hash(count.Digest, DigestBytes);
            next = count.Start;
        }
    }

    /// <summary>As many of the newest lines as there is room for.</summary>
    public static void WriteTail(ref PositionWriter writer, ReadOnlySpan<LineMark> tail, LogTimestamp newest)
    {
        var (place, written, next) = (writer.Length, (byte)0, MillisecondOf(newest));
        writer.Byte(0);
        for (var i = tail.Length - 1; i >= 0; i--)
        {
            var (mark, before) = (tail[i], writer.Length);
            writer.Hash(mark.Hash, MarkBytes);
            writer.Signed(mark.IsTimeless ? 0 : AroundZero(next - mark.Millisecond));
            next = mark.IsTimeless ? next : mark.Millisecond;

            if (!writer.Fits)
            {
                writer.Length = before;
                break;
            }

            written++;
        }

        writer.Replace(place, written);
    }

    public static LineCount[] ReadCounts(ref PositionReader reader, LogTimestamp newest)
    {
        var counts = new LineCount[reader.Bounded(reader.Byte(), 0, newest.IsNone ? 0 : MaxCounts)];
        var (next, gap) = (MillisecondOf(newest), -MostMilliseconds);
        for (var i = counts.Length - 1; i >= 0; i--)
        {
            var end = next - reader.Bounded(reader.Signed(2 * MostMilliseconds), gap, 2 * MostMilliseconds);
            var start = reader.Bounded(end - reader.Bounded(reader.Number(MillisecondsPerSecond), 1, MillisecondsPerSecond), -MostMilliseconds, MostMilliseconds);
            counts[i] = new LineCount(start, end, reader.Bounded(reader.Number(long.MaxValue), 1, long.MaxValue), reader.Hash(DigestBytes));
            (next, gap) = (start, 0);
        }

        return counts;
    }

    public static LineMark[] ReadTail(ref PositionReader reader, LogTimestamp newest)
    {
        var tail = new LineMark[reader.Bounded(reader.Byte(), 0, LineTail.Capacity)];
        var next = MillisecondOf(newest);
        for (var i = tail.Length - 1; i >= 0; i--)
        {
            var hash = (uint)reader.Hash(MarkBytes);
            var distance = reader.Signed(newest.IsNone ? 0 : 2 * MostMilliseconds);
            next = reader.Bounded(next - (distance > 0 ? distance - 1 : distance), -MostMilliseconds, MostMilliseconds);
            tail[i] = new LineMark(hash, distance == 0 ? LineMark.Timeless : next);
        }

        return tail;
    }

    // Zero stands for no time.
    private static long AroundZero(long distance) => distance >= 0 ? distance + 1 : distance;

    private static long MillisecondOf(LogTimestamp newest) => newest.IsNone ? 0 : LineMark.MillisecondOf(newest);
}
