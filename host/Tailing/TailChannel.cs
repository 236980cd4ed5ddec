using System.Threading.Channels;

namespace RunLogs.Host.Tailing;

/// <summary>A channel of batches bounded by the memory they occupy; one writer, one reader.</summary>
internal sealed class TailChannel(int maxBytes, int log = 0, TailSignal? merge = null) : ITailSource
{
    // What an item costs beside its buffers, so that empty ones are bounded too.
    private const int ItemBytes = 256;

    private readonly Channel<TailItem> _items = Channel.CreateBounded<TailItem>(
        new BoundedChannelOptions(Math.Max(16, maxBytes / ItemBytes)) { SingleReader = true, SingleWriter = true });

    private readonly Lock _gate = new();
    private TaskCompletionSource? _room;
    private long _bytes;

    /// <summary>Which of the tail's logs goes through it.</summary>
    public int Log => log;

    /// <summary>Whether an item would be accepted now; at least one always is, however large.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _bytes == 0 || _bytes < maxBytes;
            }
        }
    }

    /// <summary>Completes when the last item was read and no more will be written; with the source's error, if it failed.</summary>
    public Task Completion => _items.Reader.Completion;

    public bool HasItems => _items.Reader.TryPeek(out _);

    public bool TryWrite(TailItem item)
    {
        item = merge is null ? item : item with { Arrived = merge.Now };
        lock (_gate)
        {
            if (_bytes >= maxBytes || !_items.Writer.TryWrite(item))
            {
                return false;
            }

            _bytes += Cost(item);
        }

        merge?.Set();
        return true;
    }

    /// <summary>Completes when there is room.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_bytes < maxBytes)
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

        TaskCompletionSource? room;
        lock (_gate)
        {
            _bytes -= Cost(item);
            room = Interlocked.Exchange(ref _room, null);
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

    private static int Cost(TailItem item) => item.Batch.Footprint + (sizeof(ulong) * (item.Hashes?.Length ?? 0)) + ItemBytes;
}
