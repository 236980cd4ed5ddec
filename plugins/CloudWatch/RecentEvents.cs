using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Remembers which events were read lately, so that reading them once more shows only those that came late.</summary>
/// <remarks>Events have no id here: they are told apart by time, arrival and text, and equal ones are counted.</remarks>
internal sealed class RecentEvents
{
    /// <summary>How far back events are read again.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(2);

    private const int Most = 16 * 1024;

    private readonly Queue<(long Timestamp, ulong Print)> _events = new();
    private readonly Dictionary<ulong, int> _counts = [];
    private readonly Dictionary<ulong, int> _again = [];

    /// <summary>The newest event's time; null before the first.</summary>
    public long? Newest { get; private set; }

    /// <summary>From when on every event read is remembered.</summary>
    public long Floor { get; private set; } = long.MinValue;

    /// <summary>From when on to read again for late events.</summary>
    public long RereadFrom => Newest is { } newest ? Math.Max(Floor, newest - (long)Span.TotalMilliseconds) : Floor;

    public static ulong PrintOf(OutputLogEvent e)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(e.Message.AsSpan()), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) ^ unchecked((ulong)((e.Timestamp * 31) + e.IngestionTime));
    }

    public void Add(long timestamp, ulong print)
    {
        Newest = Math.Max(Newest ?? timestamp, timestamp);
        _events.Enqueue((timestamp, print));
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, print, out _)++;
        while (_events.Count > Most || _events.Peek().Timestamp < Newest - (long)Span.TotalMilliseconds)
        {
            var (forgotten, old) = _events.Dequeue();
            Floor = Math.Max(Floor, forgotten + 1);
            if (--CollectionsMarshal.GetValueRefOrAddDefault(_counts, old, out _) == 0)
                _counts.Remove(old);
        }
    }

    /// <summary>What is older was not asked for.</summary>
    public void ForgetBefore(long timestamp) => Floor = Math.Max(Floor, timestamp);

    /// <summary>Begins to read again.</summary>
    public void BeginAgain() => _again.Clear();

    /// <summary>Whether an event read again was read before; of equal ones, as many as were.</summary>
    public bool WasRead(ulong print) => ++CollectionsMarshal.GetValueRefOrAddDefault(_again, print, out _) <= _counts.GetValueOrDefault(print);
}
