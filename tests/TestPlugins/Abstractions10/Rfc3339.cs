using System.Globalization;
using System.Text;

namespace RunLogs.Abstractions;

/// <summary>RFC 3339 to and from nanoseconds, on bytes.</summary>
internal static class Rfc3339
{
    private const int SecondsLength = 19; // 2006-01-02T15:04:05

    public static bool TryParse(ReadOnlySpan<byte> text, out LogTimestamp timestamp)
    {
        timestamp = LogTimestamp.None;
        if (text is not [_, _, _, _, (byte)'-', _, _, (byte)'-', _, _, (byte)'T', _, _, (byte)':', _, _, (byte)':', _, _, _, ..])
        {
            return false;
        }

        var (year, month, day) = (Number(text[..4]), Number(text[5..7]), Number(text[8..10]));
        var (hour, minute, second) = (Number(text[11..13]), Number(text[14..16]), Number(text[17..19]));
        var rest = text[SecondsLength..];
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute is < 0 or > 59
            || second is < 0 or > 59 || !TryFraction(ref rest, out var nanoseconds) || !TryOffset(rest, out var offset))
        {
            return false;
        }

        var seconds = ((new DateTime(year, month, day, hour, minute, second).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond) - offset;
        var total = ((Int128)seconds * LogTimestamp.NanosecondsPerSecond) + nanoseconds;
        timestamp = total > long.MinValue && total <= long.MaxValue ? new LogTimestamp((long)total) : LogTimestamp.None;
        return !timestamp.IsNone;
    }

    public static bool TryFormat(LogTimestamp timestamp, Span<byte> destination, out int written)
    {
        written = 0;
        if (timestamp.IsNone || destination.Length < LogTimestamp.FormattedLength)
        {
            return false;
        }

        DateTime.UnixEpoch.AddSeconds(timestamp.UnixSeconds).TryFormat(destination, out _, "yyyy-MM-ddTHH:mm:ss.", CultureInfo.InvariantCulture);
        timestamp.NanosecondOfSecond.TryFormat(destination[(SecondsLength + 1)..], out _, "D9", CultureInfo.InvariantCulture);
        destination[LogTimestamp.FormattedLength - 1] = (byte)'Z';
        written = LogTimestamp.FormattedLength;
        return true;
    }

    public static string Format(LogTimestamp timestamp) => string.Create(LogTimestamp.FormattedLength, timestamp, static (text, time) =>
    {
        Span<byte> utf8 = stackalloc byte[LogTimestamp.FormattedLength];
        Encoding.ASCII.GetChars(TryFormat(time, utf8, out _) ? utf8 : [], text);
    });

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out int nanoseconds)
    {
        nanoseconds = 0;
        if (rest[0] != (byte)'.')
        {
            return true;
        }

        var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is < 1 or > 9)
        {
            return false;
        }

        nanoseconds = Number(rest.Slice(1, digits));
        for (var i = digits; i < 9; i++)
        {
            nanoseconds *= 10;
        }

        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> rest, out int seconds)
    {
        seconds = 0;
        if (rest is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _])
        {
            return rest is [(byte)'Z'];
        }

        var (hours, minutes) = (Number(rest[1..3]), Number(rest[4..6]));
        seconds = ((hours * 60) + minutes) * 60 * (rest[0] == (byte)'-' ? -1 : 1);
        return hours is >= 0 and < 24 && minutes is >= 0 and < 60;
    }

    // -1 when a byte is no digit.
    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            number = char.IsAsciiDigit((char)digit) && number >= 0 ? (number * 10) + (digit - '0') : -1;
        }

        return number;
    }
}
