using RunLogs.Abstractions;

namespace RunLogs.Host.Api;

/// <summary>Writes protobuf's wire format into memory whose size was computed before.</summary>
internal ref struct ProtobufWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _position;

    public readonly int Written => _position;

    public void Byte(byte value) => _destination[_position++] = value;

    public void Varint(ulong value)
    {
        while (value > 0x7F)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[_position..]);
        _position += bytes.Length;
    }

    /// <summary>The tag and the length of a length-delimited field.</summary>
    public void Header(byte tag, int length)
    {
        Byte(tag);
        Varint((ulong)length);
    }

    /// <summary>A length-delimited field.</summary>
    public void Field(byte tag, ReadOnlySpan<byte> bytes)
    {
        Header(tag, bytes.Length);
        Raw(bytes);
    }

    public void Lines(LogLineFields lines, LogBatch batch) => _position += lines.Write(batch, _destination[_position..]);
}
