using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>A channel of batches, bounded by the memory that they and the one read last occupy; one writer, one reader.</summary>
internal sealed class TailChannel(int maxBytes, int log = 0, TailSignal? merge = null) : ITailSource
{
    // What an item costs beside its buffers, so that empty ones are bounded too.
    private const int ItemBytes = 256;

    private readonly Channel<TailItem> _items = Channel.CreateBounded<TailItem>(
        new BoundedChannelOptions(Math.Max(16, maxBytes / ItemBytes)) { SingleReader = true, SingleWriter = true });

    private readonly Lock _gate = new();
    private TaskCompletionSource? _room;
    private long _bytes;

    // What the reader took last and may still hold, and what the writer wants room for.
    private long _taken;
    private long _wanted;

    /// <summary>Which of the tail's logs goes through it.</summary>
    public int Log => log;

    /// <summary>Completes when the last item was read and no more will be written; with the source's error, if it failed.</summary>
    public Task Completion => _items.Reader.Completion;

    public bool HasItems => _items.Reader.TryPeek(out _);

    /// <summary>Whether a batch is to be written now; where nothing waits, any is, however large.</summary>
    public bool HasRoomFor(LogBatch batch)
    {
        lock (_gate)
        {
            _wanted = CostOf(batch, batch.Entries.Length);
            return HasRoom;
        }
    }

    public bool TryWrite(TailItem item)
    {
        item = merge is null ? item : item with { Arrived = merge.Now };
        lock (_gate)
        {
            if (_bytes >= maxBytes || !_items.Writer.TryWrite(item))
            {
                return false;
            }

            _bytes += CostOf(item);
        }

        merge?.Set();
        return true;
    }

    /// <summary>Completes when there is room for what was asked for last.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (HasRoom)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>No more will be written.</summary>
    public void Complete(Exception? error)
    {
        _items.Writer.TryComplete(error);
        merge?.Set();
    }

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _items.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead(out TailItem item)
    {
        if (!_items.Reader.TryRead(out item))
        {
            return false;
        }

        TaskCompletionSource? room = null;
        lock (_gate)
        {
            _taken = CostOf(item);
            _bytes -= _taken;
            if (HasRoom)
            {
                (room, _room) = (_room, null);
            }
        }

        room?.TrySetResult();
        return true;
    }

    /// <summary>Gives back what nobody will read.</summary>
    public void Drain()
    {
        while (TryRead(out var item))
        {
            item.Dispose();
        }
    }

    private bool HasRoom => _bytes == 0 || _bytes + _taken + _wanted <= maxBytes;

    private static long CostOf(TailItem item) => CostOf(item.Batch, item.Hashes?.Length ?? 0);

    private static long CostOf(LogBatch batch, int hashes) => batch.Footprint + ((long)sizeof(ulong) * hashes) + ItemBytes;
}
