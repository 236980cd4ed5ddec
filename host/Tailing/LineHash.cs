using System.Buffers;
using System.IO.Hashing;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>The hash by which a line is known again at any source: the first 16 KiB of its text, without what sources change in it.</summary>
internal static class LineHash
{
    private const int Considered = 16 * 1024;

    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>The hashes of a batch's entries at the end of a rented array; null when it has none.</summary>
    public static ulong[]? Of(LogBatch batch)
    {
        if (batch.Entries.IsEmpty)
        {
            return null;
        }

        var hashes = ArrayPool<ulong>.Shared.Rent(batch.Entries.Length);
        var next = hashes.Length - batch.Entries.Length;
        foreach (ref readonly var entry in batch.Entries)
        {
            hashes[next++] = Of(batch.TextOf(entry));
        }

        return hashes;
    }

    public static ulong Of(ReadOnlySpan<byte> text)
    {
        while (text is [.., (byte)'\r' or (byte)'\n'])
        {
            text = text[..^1];
        }

        var start = text.Length > Considered ? text[..Considered] : text;
        return start.Contains(Replacement[0]) && start.IndexOf(Replacement) is >= 0 and var first
            ? OfMended(text, first)
            : XxHash3.HashToUInt64(start);
    }

    // Decoders differ in how many U+FFFD they put for the same broken bytes: a run of them counts as one.
    private static ulong OfMended(ReadOnlySpan<byte> text, int first)
    {
        Span<byte> mended = stackalloc byte[Considered];
        var length = 0;
        while (first >= 0 && length < Considered)
        {
            length += Copy(text[..(first + Replacement.Length)], mended[length..]);
            text = text[(first + Replacement.Length)..];
            while (text.StartsWith(Replacement))
            {
                text = text[Replacement.Length..];
            }

            first = text.IndexOf(Replacement);
        }

        length += Copy(text, mended[length..]);
        return XxHash3.HashToUInt64(mended[..length]);
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        var length = Math.Min(from.Length, to.Length);
        from[..length].CopyTo(to);
        return length;
    }
}
