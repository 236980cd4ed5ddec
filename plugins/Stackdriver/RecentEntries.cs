using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Cloud.Logging.V2;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Remembers which entries were read lately: of one log, time and insert id there is one only, and reading them again shows what came late.</summary>
internal sealed class RecentEntries
{
    /// <summary>How far back entries are read again.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(2);

    private const int Most = 16 * 1024;

    private readonly Queue<(LogTimestamp Time, ulong Key)> _entries = new();
    private readonly HashSet<ulong> _keys = [];

    /// <summary>The newest entry's time; null before the first.</summary>
    public LogTimestamp? Newest { get; private set; }

    /// <summary>From when on every entry read is remembered; null from the beginning on.</summary>
    public LogTimestamp? Floor { get; private set; }

    /// <summary>Where to read again so long before the newest entry; null for the beginning.</summary>
    public LogTimestamp? Before(TimeSpan span)
    {
        var from = Newest?.Add(-span);
        return Floor > from ? Floor : from;
    }

    /// <summary>Takes an entry; false when it was read before.</summary>
    public bool TryAdd(LogEntry entry)
    {
        var (time, key) = (EntryDecoder.TimeOf(entry), KeyOf(entry));
        if (!_keys.Add(key))
            return false;

        Newest = Newest > time ? Newest : time;
        _entries.Enqueue((time, key));
        while (_entries.Count > Most || _entries.Peek().Time < Newest.Value.Add(-Span))
        {
            var (forgotten, old) = _entries.Dequeue();
            _keys.Remove(old);
            var next = new LogTimestamp(forgotten.UnixNanoseconds + 1);
            Floor = Floor > next ? Floor : next;
        }

        return true;
    }

    private static ulong KeyOf(LogEntry entry)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(entry.InsertId.AsSpan()), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) ^ unchecked((ulong)((((EntryDecoder.TimeOf(entry).UnixNanoseconds * 31) + (int)EntryDecoder.StreamOf(entry)) * 31) + (entry.Split?.Index ?? 0)));
    }
}
