using System.Text;

namespace RunLogs.Abstractions;

/// <summary>A time in nanoseconds, as container runtimes stamp lines.</summary>
/// <remarks>Reaches from 1677-09-21 to 2262-04-11; conversions throw <see cref="OverflowException"/> outside of it. .NET's own types hold 100 ns and would lose the last two digits.</remarks>
/// <param name="UnixNanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
public readonly record struct LogTimestamp(long UnixNanoseconds) : IComparable<LogTimestamp>
{
    /// <summary>Nanoseconds in a second.</summary>
    public const long NanosecondsPerSecond = 1_000_000_000;
    /// <summary>The length of the formatted form, in bytes.</summary>
    public const int FormattedLength = 30;
    /// <summary>The mark of a line without a time.</summary>
    public static LogTimestamp None { get; } = new(long.MinValue);
    /// <summary>Whether this is <see cref="None"/>.</summary>
    public bool IsNone => UnixNanoseconds == long.MinValue;
    /// <summary>Whole seconds since the epoch, rounded down.</summary>
    public long UnixSeconds => Math.DivRem(UnixNanoseconds, NanosecondsPerSecond) is var (seconds, rest) && rest < 0 ? seconds - 1 : seconds;
    /// <summary>The nanoseconds within the second, 0 to 999 999 999.</summary>
    public int NanosecondOfSecond => (int)(UnixNanoseconds - (UnixSeconds * NanosecondsPerSecond));

    /// <inheritdoc/>
    public static bool operator <(LogTimestamp left, LogTimestamp right) => left.UnixNanoseconds < right.UnixNanoseconds;
    /// <inheritdoc/>
    public static bool operator >(LogTimestamp left, LogTimestamp right) => left.UnixNanoseconds > right.UnixNanoseconds;
    /// <inheritdoc/>
    public static bool operator <=(LogTimestamp left, LogTimestamp right) => left.UnixNanoseconds <= right.UnixNanoseconds;
    /// <inheritdoc/>
    public static bool operator >=(LogTimestamp left, LogTimestamp right) => left.UnixNanoseconds >= right.UnixNanoseconds;
    /// <summary>The same time from .NET's type, which is exact to 100 ns.</summary>
    public static LogTimestamp From(DateTimeOffset time) => new(checked((time.UtcTicks - DateTime.UnixEpoch.Ticks) * 100));

    /// <summary>The time that a number of seconds since the epoch names.</summary>
    public static LogTimestamp FromUnixSeconds(long seconds) => new(checked(seconds * NanosecondsPerSecond));

    /// <summary>Parses RFC 3339 with 0 to 9 fraction digits and <c>Z</c> or an offset; no other form, no blanks.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out LogTimestamp timestamp) => Rfc3339.TryParse(utf8, out timestamp);

    /// <summary>Parses RFC 3339 from text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LogTimestamp timestamp)
    {
        timestamp = None;
        Span<byte> utf8 = stackalloc byte[48];
        return Encoding.UTF8.TryGetBytes(text, utf8, out var written) && TryParse(utf8[..written], out timestamp);
    }

    /// <summary>Formats as RFC 3339 in UTC with 9 fraction digits, as the Kubernetes API does; false when it does not fit.</summary>
    public bool TryFormat(Span<byte> utf8, out int written) => Rfc3339.TryFormat(this, utf8, out written);
    /// <summary>The same time in .NET's type, rounded down to 100 ns.</summary>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeSeconds(UnixSeconds).AddTicks(NanosecondOfSecond / 100);

    /// <summary>The time this long after.</summary>
    public LogTimestamp Add(TimeSpan duration) => new(checked(UnixNanoseconds + (duration.Ticks * 100)));
    /// <inheritdoc/>
    public int CompareTo(LogTimestamp other) => UnixNanoseconds.CompareTo(other.UnixNanoseconds);

    /// <summary>RFC 3339 in UTC with 9 fraction digits.</summary>
    public override string ToString() => IsNone ? "none" : Rfc3339.Format(this);
}
