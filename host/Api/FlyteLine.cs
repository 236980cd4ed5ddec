using RunLogs.Abstractions;

namespace RunLogs.Host.Api;

/// <summary>One <c>flyteidl2.logs.dataplane.LogLine</c> in wire format, from its parts.</summary>
internal readonly ref struct FlyteLine(LogTimestamp timestamp, ReadOnlySpan<byte> text, bool lineFeed, LogOriginator originator, ReadOnlySpan<byte> shortPodName)
{
    private const byte TimestampTag = 0x0A;
    private const byte SecondsTag = 0x08;
    private const byte NanosTag = 0x10;
    private const byte MessageTag = 0x12;
    private const byte OriginatorTag = 0x18;
    private const byte ShortPodNameTag = 0x22;

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ReadOnlySpan<byte> _shortPodName = shortPodName;
    private readonly long _seconds = timestamp.IsNone ? 0 : timestamp.UnixSeconds;
    private readonly int _nanos = timestamp.IsNone ? 0 : timestamp.NanosecondOfSecond;

    private int MessageLength => _text.Length + (lineFeed ? 1 : 0);

    private int TimestampSize => (_seconds == 0 ? 0 : 1 + ProtobufSize.Varint((ulong)_seconds)) + (_nanos == 0 ? 0 : 1 + ProtobufSize.Varint((ulong)_nanos));

    public int Size =>
        (timestamp.IsNone ? 0 : ProtobufSize.Field(TimestampSize))
        + (MessageLength == 0 ? 0 : ProtobufSize.Field(MessageLength))
        + (originator == LogOriginator.Unknown ? 0 : 2)
        + (_shortPodName.IsEmpty ? 0 : ProtobufSize.Field(_shortPodName.Length));

    public void Write(ref ProtobufWriter writer)
    {
        if (!timestamp.IsNone)
        {
            WriteTimestamp(ref writer);
        }

        if (MessageLength > 0)
        {
            writer.Header(MessageTag, MessageLength);
            writer.Raw(_text);
            if (lineFeed)
            {
                writer.Byte((byte)'\n');
            }
        }

        if (originator != LogOriginator.Unknown)
        {
            writer.Byte(OriginatorTag);
            writer.Byte((byte)originator);
        }

        if (!_shortPodName.IsEmpty)
        {
            writer.Header(ShortPodNameTag, _shortPodName.Length);
            writer.Raw(_shortPodName);
        }
    }

    private void WriteTimestamp(ref ProtobufWriter writer)
    {
        writer.Header(TimestampTag, TimestampSize);
        if (_seconds != 0)
        {
            writer.Byte(SecondsTag);
            writer.Varint((ulong)_seconds);
        }

        if (_nanos != 0)
        {
            writer.Byte(NanosTag);
            writer.Varint((ulong)_nanos);
        }
    }
}
