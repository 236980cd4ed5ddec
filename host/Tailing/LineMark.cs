using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>What is remembered of a delivered line: 32 bits of its hash, and its millisecond.</summary>
internal readonly record struct LineMark(uint Hash, long Millisecond)
{
    /// <summary>The millisecond of a line without a time.</summary>
    public const long Timeless = long.MinValue;

    public const long NanosecondsPerMillisecond = 1_000_000;

    public bool IsTimeless => Millisecond == Timeless;

    /// <summary>Whole milliseconds since the epoch, rounded down.</summary>
    public static long MillisecondOf(LogTimestamp time)
    {
        if (time.IsNone)
        {
            return Timeless;
        }

        var (milliseconds, rest) = Math.DivRem(time.UnixNanoseconds, NanosecondsPerMillisecond);
        return rest < 0 ? milliseconds - 1 : milliseconds;
    }

    /// <summary>A time without what is below its millisecond.</summary>
    public static LogTimestamp? StartOfMillisecond(LogTimestamp? time) => time is null or { IsNone: true } ? time : new LogTimestamp(MillisecondOf(time.Value) * NanosecondsPerMillisecond);

    public bool IsWithin(long milliseconds, long other) => Math.Abs(Millisecond - other) <= milliseconds;
}
