using System.IO.Hashing;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>The hash by which a line is known again: its time and the first 16 KiB of its text.</summary>
internal static class LineHash
{
    private const int Considered = 16 * 1024;

    public static ulong Of(in LogEntry entry, ReadOnlySpan<byte> text) =>
        XxHash3.HashToUInt64(text.Length > Considered ? text[..Considered] : text, entry.Timestamp.UnixNanoseconds);
}
