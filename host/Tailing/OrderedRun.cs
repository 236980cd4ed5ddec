using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Lines of a batch that need not be looked at one by one: whole ones, in the order of their times.</summary>
internal static class OrderedRun
{
    /// <summary>How many lines from the first on may be counted together; 0 unless all of the batch is in order and enough lines follow that are newer.</summary>
    /// <param name="entries">The batch's.</param>
    /// <param name="newest">The millisecond that none is before.</param>
    public static int LengthOf(ReadOnlySpan<LogEntry> entries, long newest)
    {
        var after = newest * LineMark.NanosecondsPerMillisecond;
        foreach (ref readonly var entry in entries)
        {
            if (entry.Timestamp.UnixNanoseconds < after || entry.End == LineEnd.Continues)
            {
                return 0;
            }

            after = entry.Timestamp.UnixNanoseconds;
        }

        return Before(entries);
    }

    // What is left is as much as is remembered: of lines, and of milliseconds that have any.
    private static int Before(ReadOnlySpan<LogEntry> entries)
    {
        var (milliseconds, start) = (0, long.MaxValue);
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            var time = entries[i].Timestamp;
            if (time.UnixNanoseconds >= start)
            {
                continue;
            }

            // The first line of a later millisecond stands behind this one.
            if (milliseconds >= LineCounts.MaxMilliseconds && entries.Length - i > LineTail.Capacity)
            {
                return i + 1;
            }

            (milliseconds, start) = (milliseconds + 1, LineMark.MillisecondOf(time) * LineMark.NanosecondsPerMillisecond);
        }

        return 0;
    }
}
