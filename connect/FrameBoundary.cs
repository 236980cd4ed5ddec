namespace RunLogs.Connect;

/// <summary>Follows the bytes of frames, to know where one ends and something else may be written.</summary>
internal struct FrameBoundary
{
    private uint _rest;
    private int _headSize;
    private uint _length;

    public readonly bool IsBetweenFrames => _rest == 0 && _headSize == 0;

    public void Pass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_rest > 0)
            {
                var part = (int)Math.Min(_rest, (uint)bytes.Length);
                _rest -= (uint)part;
                bytes = bytes[part..];
                continue;
            }

            // The flags are shifted out by the four bytes of the length.
            _length = (_length << 8) | bytes[0];
            bytes = bytes[1..];
            if (++_headSize == Envelope.HeadSize)
                (_rest, _headSize) = (_length, 0);
        }
    }
}
