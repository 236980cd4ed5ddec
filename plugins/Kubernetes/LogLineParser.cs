using System.Runtime.CompilerServices;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Splits a line of the API into its timestamp and its text.</summary>
internal sealed class LogLineParser
{
    /// <summary>No RFC 3339 time is longer.</summary>
    public const int LongestStamp = 36;

    private const int SecondLength = 20; // 2006-01-02T15:04:05.

    // Neighbours mostly share their second: it is parsed once.
    private readonly byte[] _second = new byte[SecondLength];
    private long _secondNanoseconds;

    /// <summary>False when the line does not begin with a time: it is none of the container's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySplit(ReadOnlySpan<byte> line, out LogTimestamp time, out int textStart)
    {
        if (line.Length > LogTimestamp.FormattedLength && line[LogTimestamp.FormattedLength] == (byte)' ' && line[LogTimestamp.FormattedLength - 1] == (byte)'Z'
            && line[..SecondLength].SequenceEqual(_second) && NineDigits.TryParse(line[SecondLength..], out var nanoseconds))
        {
            time = new LogTimestamp(_secondNanoseconds + nanoseconds);
            textStart = LogTimestamp.FormattedLength + 1;
            return true;
        }

        var blank = line[..Math.Min(line.Length, LongestStamp)].IndexOf((byte)' ');
        var stamp = line[..(blank < 0 ? Math.Min(line.Length, LongestStamp) : blank)];
        textStart = blank < 0 ? stamp.Length : blank + 1;
        if (!LogTimestamp.TryParse(stamp, out time))
        {
            return false;
        }

        if (stamp.Length == LogTimestamp.FormattedLength && stamp[^1] == (byte)'Z')
        {
            stamp[..SecondLength].CopyTo(_second);
            _secondNanoseconds = time.UnixNanoseconds - time.NanosecondOfSecond;
        }

        return true;
    }
}
