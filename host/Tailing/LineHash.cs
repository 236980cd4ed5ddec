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

        var entries = batch.Entries;
        var hashes = ArrayPool<ulong>.Shared.Rent(entries.Length);
        var own = hashes.AsSpan(hashes.Length - entries.Length);

        // One look at all of the text spares one at each line.
        var mayBeMended = batch.Text.Contains(Replacement[0]);
        for (var i = 0; i < own.Length; i++)
        {
            var text = batch.TextOf(entries[i]);
            own[i] = mayBeMended ? Of(text) : XxHash3.HashToUInt64(StartOf(Trim(text)));
        }

        return hashes;
    }

    public static ulong Of(ReadOnlySpan<byte> text)
    {
        text = Trim(text);
        var start = StartOf(text);
        return start.Contains(Replacement[0]) && start.IndexOf(Replacement) is >= 0 and var first ? OfMended(text, first) : XxHash3.HashToUInt64(start);
    }

    private static ReadOnlySpan<byte> StartOf(ReadOnlySpan<byte> text) => text.Length > Considered ? text[..Considered] : text;

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (text is [.., (byte)'\r' or (byte)'\n'])
        {
            text = text[..^1];
        }

        return text;
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
