using System.Buffers.Binary;
using RunLogs.Abstractions;

namespace RunLogs.Host.Api;

/// <summary>The lines of a batch as repeated <c>flyteidl2.logs.dataplane.LogLine</c> fields in wire format.</summary>
/// <remarks>Written some bytes at a time: the destination must be longer than the fields by <see cref="Slack"/>.</remarks>
internal sealed class LogLineFields(bool keepLineEnd, byte[] shortPodName)
{
    /// <summary>How far behind the last field may be written, in bytes.</summary>
    public const int Slack = 16;

    private const byte LinesTag = 0x0A;
    private const byte TimestampTag = 0x0A;
    private const byte SecondsTag = 0x08;
    private const byte NanosTag = 0x10;
    private const byte MessageTag = 0x12;
    private const byte OriginatorTag = 0x18;
    private const byte ShortPodNameTag = 0x22;

    private readonly int _podSize = shortPodName.Length == 0 ? 0 : ProtobufSize.Field(shortPodName.Length);

    // Neighbours mostly share their second: its field is made once.
    private readonly byte[] _seconds = new byte[16];
    private int _secondsSize = -1;
    private long _secondStart = long.MinValue;

    public int SizeOf(LogBatch batch)
    {
        var size = 0;
        foreach (ref readonly var entry in batch.Entries)
        {
            size += ProtobufSize.Field(LineSize(entry, TimestampSize(entry.Timestamp)));
        }

        return size;
    }

    /// <summary>Writes them, and returns how many bytes they are.</summary>
    public int Write(LogBatch batch, Span<byte> destination)
    {
        var written = 0;
        var text = batch.Text;
        foreach (ref readonly var entry in batch.Entries)
        {
            // A line feed stands behind every text, for the messages that carry it.
            written += Write(entry, text[..MessageLength(entry)], destination[written..]);
            text = text[(entry.Length + 1)..];
        }

        return written;
    }

    private int Write(in LogEntry entry, ReadOnlySpan<byte> message, Span<byte> to)
    {
        var timestampSize = TimestampSize(entry.Timestamp);
        to[0] = LinesTag;
        var end = 1 + WriteVarint(to[1..], (uint)LineSize(entry, timestampSize));
        if (timestampSize > 0)
        {
            to[end++] = TimestampTag;
            to[end++] = (byte)(timestampSize - 2);
            end += WriteTime(to[end..], (uint)(entry.Timestamp.UnixNanoseconds - _secondStart));
        }

        if (!message.IsEmpty)
        {
            to[end++] = MessageTag;
            end += WriteVarint(to[end..], (uint)message.Length);
            message.CopyTo(to[end..]);
            end += message.Length;
        }

        if (entry.Originator != LogOriginator.Unknown)
        {
            to[end++] = OriginatorTag;
            to[end++] = (byte)entry.Originator;
        }

        return _podSize == 0 ? end : end + WritePod(to[end..]);
    }

    private int WriteTime(Span<byte> to, uint nanos)
    {
        _seconds.CopyTo(to);
        if (nanos == 0)
        {
            return _secondsSize;
        }

        to[_secondsSize] = NanosTag;
        return _secondsSize + 1 + WriteVarint(to[(_secondsSize + 1)..], nanos);
    }

    private int WritePod(Span<byte> to)
    {
        to[0] = ShortPodNameTag;
        var head = 1 + WriteVarint(to[1..], (uint)shortPodName.Length);
        shortPodName.CopyTo(to[head..]);
        return _podSize;
    }

    private int LineSize(in LogEntry entry, int timestampSize)
    {
        var messageLength = MessageLength(entry);
        return timestampSize + (messageLength == 0 ? 0 : ProtobufSize.Field(messageLength)) + (entry.Originator == LogOriginator.Unknown ? 0 : 2) + _podSize;
    }

    private int MessageLength(in LogEntry entry) => entry.Length + (keepLineEnd && entry.End == LineEnd.LineFeed ? 1 : 0);

    private int TimestampSize(LogTimestamp time)
    {
        if (time.IsNone)
        {
            return 0;
        }

        var nanos = (ulong)(time.UnixNanoseconds - _secondStart);
        if (_secondsSize < 0 || time.UnixNanoseconds < _secondStart || nanos >= LogTimestamp.NanosecondsPerSecond)
        {
            nanos = (ulong)BeginSecond(time);
        }

        return 2 + _secondsSize + (nanos == 0 ? 0 : 1 + ProtobufSize.Varint(nanos));
    }

    private int BeginSecond(LogTimestamp time)
    {
        var seconds = time.UnixSeconds;
        _secondStart = time.UnixNanoseconds - time.NanosecondOfSecond;
        _secondsSize = 0;
        if (seconds != 0)
        {
            var writer = new ProtobufWriter(_seconds);
            writer.Byte(SecondsTag);
            writer.Varint((ulong)seconds);
            _secondsSize = writer.Written;
        }

        return time.NanosecondOfSecond;
    }

    // All of its bytes at once, each with the bit that says that another follows.
    private static int WriteVarint(Span<byte> to, uint value)
    {
        if (value < 0x80)
        {
            to[0] = (byte)value;
            return 1;
        }

        var size = ProtobufSize.Varint(value);
        ulong groups = (value & 0x7FUL) | ((value & 0x3F80UL) << 1) | ((value & 0x1F_C000UL) << 2) | ((value & 0xFE0_0000UL) << 3) | ((value & 0xF000_0000UL) << 4);
        BinaryPrimitives.WriteUInt64LittleEndian(to, groups | (0x80_8080_8080UL & ((1UL << (8 * (size - 1))) - 1)));
        return size;
    }
}
