using System.Buffers;
using System.IO.Compression;

namespace RunLogs.Plugins.Files;

/// <summary>One open log file, compressed or not; the handle outlives renaming and deletion.</summary>
internal sealed class LogFile : IDisposable
{
    private const int HeadBytes = 4096;

    private readonly FileStream _file;
    private GZipStream? _unzipped;

    public LogFile(string path, LogFileName name)
    {
        Name = name;
        // Read from the page cache in large blocks: synchronous and unbuffered is the least work.
        _file = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        Rewind(0);
    }

    /// <summary>The name it has, as far as known: the file being written gets another when it is rotated.</summary>
    public LogFileName Name { get; set; }

    /// <summary>The bytes in the file, compressed as it is.</summary>
    public long Length => _file.Length;

    /// <summary>Whether the file became shorter than what was read of it.</summary>
    public bool IsTruncated => !Name.Compressed && _file.Length < _file.Position;

    /// <summary>Whether reading met something that cannot be decompressed; the file ends there.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Reads on from where it stands; 0 at the end as it is now.</summary>
    public int Read(Span<byte> buffer)
    {
        try
        {
            return IsDamaged ? 0 : _unzipped?.Read(buffer) ?? _file.Read(buffer);
        }
        catch (InvalidDataException)
        {
            IsDamaged = true;
            return 0;
        }
    }

    /// <summary>Reads at a place of an uncompressed file without moving; less than asked only at its end.</summary>
    public int ReadAt(Span<byte> buffer, long offset)
    {
        var total = 0;
        for (int read; total < buffer.Length && (read = RandomAccess.Read(_file.SafeFileHandle, buffer[total..], offset + total)) > 0; total += read)
        {
        }

        return total;
    }

    /// <summary>Looks at a place before anything is read; at the beginning only, when compressed.</summary>
    public int Peek(Span<byte> buffer, long offset)
    {
        if (_unzipped is null)
            return ReadAt(buffer, offset);

        var total = 0;
        for (int read; total < buffer.Length && (read = Read(buffer[total..])) > 0; total += read)
        {
        }

        Rewind(0);
        return total;
    }

    /// <summary>Stands at an offset; at the beginning only, when compressed.</summary>
    public void Rewind(long offset)
    {
        _unzipped?.Dispose();
        IsDamaged = false;
        _file.Position = offset;
        _unzipped = Name.Compressed ? new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true) : null;
    }

    /// <summary>Whether another opened file is this one under a new name: it begins with the same bytes, compressed or not.</summary>
    public bool IsSameAs(LogFile other)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(2 * HeadBytes);
        try
        {
            // The other one first: if both are one file, this one has at least as much by then.
            var theirs = buffer.AsSpan(0, other.Peek(buffer.AsSpan(0, HeadBytes), 0));
            var ours = buffer.AsSpan(HeadBytes, ReadAt(buffer.AsSpan(HeadBytes, HeadBytes), 0));
            var common = Math.Min(ours.Length, theirs.Length);
            return ours[..common].SequenceEqual(theirs[..common]) && (common > 0 || ours.Length == theirs.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        _unzipped?.Dispose();
        _file.Dispose();
    }

}
