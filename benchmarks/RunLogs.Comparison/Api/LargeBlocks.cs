using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace RunLogs.Comparison.Api;

/// <summary>
/// Kestrel's memory in blocks of four TLS records. Each write to TLS is a block: in its own, of 4 KiB, no record would hold more, where those of a Kubernetes API server hold 16 KiB.
/// </summary>
internal sealed class LargeBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int Size = 64 * 1024;

    private readonly ConcurrentQueue<Block> _free = new();

    public override int MaxBufferSize => Size;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => _free.TryDequeue(out var block) ? block : new Block(_free);

    protected override void Dispose(bool disposing) => _free.Clear();

    private sealed class Block(ConcurrentQueue<Block> free) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(Size, pinned: true), 0, Size);

        public void Dispose() => free.Enqueue(this);
    }
}
