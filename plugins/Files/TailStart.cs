using System.Buffers;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>Finds where to begin reading for the last lines: how many of those from there on are to be skipped.</summary>
internal static class TailStart
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>Leaves the files standing where reading begins, and returns the place of the first of them.</summary>
    /// <remarks>Looks from the end when lines are not left out by time; compressed files only have a beginning.</remarks>
    public static int Find(IReadOnlyList<LogFile> files, LineFilter filter, long lines, bool everyLineCounts, int maxLineBytes, CancellationToken cancellationToken)
    {
        // 1. Some place with at least so many lines after it, at which no line is half written.
        var (first, offset) = everyLineCounts ? LookBack(files, lines, cancellationToken) : (0, 0);

        // 2. The lines after it, counted as they will be read.
        filter.Skip = long.MaxValue;
        using var counter = new RecordReader(filter, maxLineBytes);
        using var none = new LogBatch();
        for (var i = first; i < files.Count; i++)
        {
            files[i].Rewind(i == first ? offset : 0);
            counter.TryRead(files[i], none, cancellationToken);
            if (i < files.Count - 1)
                counter.TryEndFile(none);
        }

        filter.Skip = Math.Max(0, long.MaxValue - filter.Skip + counter.OpenLines - lines);
        for (var i = first; i < files.Count; i++)
            files[i].Rewind(i == first ? offset : 0);

        return first;
    }

    private static (int File, long Offset) LookBack(IReadOnlyList<LogFile> files, long lines, CancellationToken cancellationToken)
    {
        var search = new TailSearch(lines);
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes + CriRecord.MaxHeadBytes);
        try
        {
            for (var i = files.Count - 1; i >= 0; i--)
            {
                // The lines of a compressed file can be counted from its beginning only.
                if (files[i].Name.Compressed)
                    return (search.HasEnough ? i : 0, 0);

                if (LookBack(files[i], search, buffer, cancellationToken))
                    return (i, search.Place);
            }

            return (0, 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Visits the beginnings of the whole records of a file from its end; true when the place was found.
    private static bool LookBack(LogFile file, TailSearch search, byte[] buffer, CancellationToken cancellationToken)
    {
        var length = file.Length;
        search.Begin(length);
        var isWhole = false;
        for (var end = length; end > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var begin = Math.Max(0, end - BlockBytes);
            var block = buffer.AsSpan(0, file.ReadAt(buffer.AsSpan(0, (int)Math.Min(end - begin + CriRecord.MaxHeadBytes, length - begin)), begin));
            for (var i = block[..(int)(end - begin)].LastIndexOf((byte)'\n'); i >= 0; i = block[..i].LastIndexOf((byte)'\n'))
            {
                // What follows the last line feed is no whole record.
                if (!isWhole)
                    search.Begin(begin + i + 1);
                else if (search.Visit(begin + i + 1, block[(i + 1)..]))
                    return true;

                isWhole = true;
            }

            if (begin == 0)
                return isWhole && search.Visit(0, block);

            end = begin;
        }

        return false;
    }
}
