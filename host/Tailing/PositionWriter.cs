using System.Buffers.Binary;

namespace RunLogs.Host.Tailing;

/// <summary>Writes the numbers of a position into a span, as far as it reaches.</summary>
internal ref struct PositionWriter(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    public int Length { get; set; }

    public readonly int Room => _to.Length;

    /// <summary>Whether everything had room so far.</summary>
    public readonly bool Fits => Length <= Room;

    public void Byte(byte value)
    {
        if (Length < _to.Length)
        {
            _to[Length] = value;
        }

        Length++;
    }

    /// <summary>A byte that was written before, anew.</summary>
    public readonly void Replace(int place, byte value) => _to[place] = value;

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            Byte(value);
        }
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }

        Byte((byte)value);
    }

    /// <summary>A number that may be negative: small ones are short.</summary>
    public void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>The lowest bytes of a hash.</summary>
    public void Hash(ulong value, int bytes)
    {
        Span<byte> all = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(all, value);
        Bytes(all[..bytes]);
    }
}
