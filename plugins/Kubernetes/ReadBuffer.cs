using System.Buffers;
using System.Runtime.CompilerServices;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>What was read and not yet taken, in a rented array that is given back while there is nothing.</summary>
internal sealed class ReadBuffer
{
    private const int Size = 64 * 1024;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    // How much is known to hold no line feed.
    private int _searched;

    public bool IsEmpty => _start == _end;

    public bool IsRented => _bytes.Length > 0;

    public ReadOnlySpan<byte> Rest => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Where the first line feed stands, or -1; no byte is looked at twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOfLineFeed()
    {
        var feed = Rest[_searched..].IndexOf((byte)'\n');
        if (feed >= 0)
        {
            return _searched + feed;
        }

        _searched = _end - _start;
        return -1;
    }

    public void Consume(int bytes)
    {
        _start += bytes;
        _searched = Math.Max(0, _searched - bytes);
    }

    /// <summary>Room for more behind what is kept; what is read into it is told to <see cref="Add"/>.</summary>
    public Memory<byte> Room()
    {
        var kept = _end - _start;
        if (kept > _bytes.Length / 2 || !IsRented)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Size, 2 * kept));
            Rest.CopyTo(larger);
            GiveBack();
            (_bytes, _end) = (larger, kept);
        }
        else if (_start > 0)
        {
            Rest.CopyTo(_bytes);
            (_start, _end) = (0, kept);
        }

        return _bytes.AsMemory(_end);
    }

    public void Add(int bytes) => _end += bytes;

    public void GiveBack()
    {
        Return(_bytes);
        (_bytes, _start, _end) = ([], 0, 0);
    }

    /// <summary>Gives it back when a read that may still write into it has ended, with its body.</summary>
    public void GiveBackAfter(Task<int> read)
    {
        _ = ReturnAfterAsync(read, _bytes);
        (_bytes, _start, _end) = ([], 0, 0);
    }

    private static async Task ReturnAfterAsync(Task<int> read, byte[] bytes)
    {
        try
        {
            await read;
        }
        catch (Exception)
        {
            // Whoever closed the body knows why.
        }

        Return(bytes);
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
