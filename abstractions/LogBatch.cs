using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace RunLogs.Abstractions;

/// <summary>Lines of one container in source order: their text in one pooled buffer, and an index.</summary>
/// <remarks>Not safe for several threads. Whoever holds it last disposes it, once.</remarks>
public sealed class LogBatch : IDisposable
{
    /// <summary>The most text a batch takes, in bytes; one entry of invalid UTF-8 may grow to three times that.</summary>
    public const int MaxBytes = 1024 * 1024;
    /// <summary>The most entries a batch holds.</summary>
    public const int MaxLines = 1000;

    // A few lines stay small, many are copied twice at most.
    private const int Growth = 4;
    private const int LeastText = 8192;
    private const int LeastEntries = 16;

    private byte[] _text = [];
    private LogEntry[] _entries = [];
    private List<LogNotice>? _notices;
    private int _first, _end;
    private int Used => ByteCount + _end;
    /// <summary>The instance the lines belong to, as far as known; null for the one of the batch before.</summary>
    public ContainerInstance? Instance { get; set; }
    /// <summary>Facts of the container: in the first batch and whenever they change; else null.</summary>
    public ContainerFacts? Facts { get; set; }
    /// <summary>Notices that stand before the lines.</summary>
    public IReadOnlyList<LogNotice> Notices => _notices ?? (IReadOnlyList<LogNotice>)[];
    /// <summary>The index, in source order.</summary>
    public ReadOnlySpan<LogEntry> Entries => _entries.AsSpan(_first, _end - _first);
    /// <summary>The text of the entries in source order, with a line feed behind each of them, also where the log has none.</summary>
    public ReadOnlySpan<byte> Text => _first == _end ? [] : _text.AsSpan(_entries[_first].Offset..Used);
    /// <summary>The bytes of text appended to it.</summary>
    public int ByteCount { get; private set; }
    /// <summary>The memory it occupies while it waits in a queue, in bytes.</summary>
    public int Footprint => _text.Length + (_entries.Length * 24);

    /// <summary>The longest prefix of a text that is at most <paramref name="limit"/> bytes and cuts no UTF-8 sequence.</summary>
    public static int CutLength(ReadOnlySpan<byte> text, int limit)
    {
        // A sequence has at most three continuation bytes; more of them are not UTF-8 and may be cut anywhere.
        for (var cut = limit; cut < text.Length && cut > 0 && cut > limit - 4; cut--)
        {
            if ((text[cut] & 0xC0) != 0x80)
            {
                return cut;
            }
        }

        return Math.Min(text.Length, limit);
    }
    /// <summary>Adds a notice before the lines.</summary>
    public void Add(LogNotice notice) => (_notices ??= []).Add(notice);

    /// <summary>Appends one entry; false when the batch is full, and nothing was appended.</summary>
    /// <remarks>Invalid UTF-8 becomes U+FFFD. The text has no line feed at its end: <paramref name="end"/> tells it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The text can never fit: cut it first.</exception>
    public bool TryAppend(LogTimestamp timestamp, ReadOnlySpan<byte> text, OutputStream stream, LogOriginator originator, LineEnd end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MaxBytes);
        if (!Utf8.IsValid(text))
        {
            text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
        }

        if (_end == MaxLines || (_end > 0 && ByteCount + text.Length > MaxBytes))
        {
            return false;
        }

        var start = Used;
        if (_text.Length - start <= text.Length)
        {
            Resize(ref _text, start, Math.Max(start + text.Length + 1, LeastText));
        }

        if (_end == _entries.Length)
        {
            Resize(ref _entries, _end, Math.Max(_end + 1, LeastEntries));
        }

        var room = _text.AsSpan(start, text.Length + 1);
        text.CopyTo(room);
        room[^1] = (byte)'\n';
        _entries[_end++] = new LogEntry { Timestamp = timestamp, Offset = start, Length = text.Length, Stream = stream, Originator = originator, End = end };
        ByteCount += text.Length;
        return true;
    }
    /// <summary>The text of one entry of this batch: valid UTF-8.</summary>
    public ReadOnlySpan<byte> TextOf(in LogEntry entry) => _text.AsSpan(entry.Offset, entry.Length);
    /// <summary>Drops entries from the front: they were delivered before.</summary>
    public void RemoveFirst(int entries) => _first = entries >= 0 && entries <= _end - _first ? _first + entries : throw new ArgumentOutOfRangeException(nameof(entries));

    /// <summary>Gives the buffers back; the batch is empty then.</summary>
    public void Dispose()
    {
        Resize(ref _text, 0, 0);
        Resize(ref _entries, 0, 0);
        (_first, _end, ByteCount, _notices) = (0, 0, 0, null);
    }

    // Rents a larger array; gives it back when nothing is needed.
    private static void Resize<T>(ref T[] array, int used, int needed)
    {
        var old = array;
        array = needed == 0 ? [] : ArrayPool<T>.Shared.Rent(Math.Max(needed, old.Length * Growth));
        old.AsSpan(0, used).CopyTo(array);
        if (old.Length > 0)
        {
            ArrayPool<T>.Shared.Return(old);
        }
    }
}
