using System.Buffers;

namespace RunLogs.Benchmarks;

/// <summary>Memory that is written again and again; only the bytes are counted.</summary>
internal sealed class DiscardedBytes : IBufferWriter<byte>
{
    private byte[] _memory = [];

    public long Count { get; private set; }

    public void Advance(int count) => Count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var size = Math.Max(sizeHint, 4096);
        if (_memory.Length < size)
        {
            _memory = new byte[size];
        }

        return _memory;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
