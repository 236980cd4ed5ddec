using Grpc.Core;

namespace RunLogs.Host.Api;

/// <summary>When the responses of a gRPC stream are flushed: at once where nothing follows, and never later than after 64 KiB.</summary>
/// <remarks>Nobody waits for the client between two flushes: what is written without them is bounded here.</remarks>
internal sealed class Coalescing
{
    /// <summary>What is written at most without a flush although more is ready, over any protocol.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly WriteOptions Flush = new();
    private static readonly WriteOptions Coalesce = new(WriteFlags.BufferHint);

    private long _unflushed;

    /// <summary>Whether something written stays behind until the next flush.</summary>
    public bool HasUnflushed => _unflushed > 0;

    /// <summary>How a response of a size is to be written.</summary>
    public WriteOptions Of(int size, bool flush)
    {
        _unflushed = flush || _unflushed + size >= MaxBytes ? 0 : _unflushed + size;
        return HasUnflushed ? Coalesce : Flush;
    }
}
