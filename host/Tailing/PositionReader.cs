namespace RunLogs.Host.Tailing;

/// <summary>Reads the numbers of a position; after the first that is missing or out of its bounds, it is bad and all are 0.</summary>
internal ref struct PositionReader(ReadOnlySpan<byte> from)
{
    private ReadOnlySpan<byte> _from = from;

    public bool IsBad { get; private set; }

    public readonly bool IsAtEnd => _from.IsEmpty;

    public byte Byte() => Bytes(1) is [var value] ? value : (byte)0;

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (IsBad || length > _from.Length)
        {
            IsBad = true;
            return default;
        }

        var bytes = _from[..length];
        _from = _from[length..];
        return bytes;
    }

    /// <summary>A number of at most <paramref name="most"/>.</summary>
    public long Number(long most)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return Bounded((long)value, 0, most);
            }
        }

        IsBad = true;
        return 0;
    }

    /// <summary>A number that may be negative, of at most <paramref name="most"/> either way.</summary>
    public long Signed(long most)
    {
        var value = Number(long.MaxValue);
        return Bounded((value >> 1) ^ -(value & 1), -most, most);
    }

    public ulong Hash(int bytes)
    {
        var value = 0UL;
        var shift = 0;
        foreach (var next in Bytes(bytes))
        {
            value |= (ulong)next << shift;
            shift += 8;
        }

        return value;
    }

    /// <summary>The value, unless it is out of bounds.</summary>
    public long Bounded(long value, long least, long most)
    {
        IsBad |= value < least || value > most;
        return IsBad ? 0 : value;
    }
}
