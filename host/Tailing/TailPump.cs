namespace RunLogs.Host.Tailing;

/// <summary>Moves batches from the channel to the client: the one reader and the one writer of a tail.</summary>
internal sealed class TailPump(ITailSource source, Delivery delivery, ITailSink sink, TimeSpan heartbeat, TimeProvider time)
{
    private long _silentSince = time.GetTimestamp();

    /// <summary>Told once, when the first line is written.</summary>
    public required Action FirstLine { get; init; }

    /// <summary>Pumps until the source ends; its error is thrown after its last batch.</summary>
    /// <param name="reading">Ends the pump between two batches.</param>
    /// <param name="writing">Breaks off a write: what the client got of it is not known then.</param>
    public async Task RunAsync(CancellationToken reading, CancellationToken writing)
    {
        while (await WaitAsync(reading, writing))
        {
            while (source.TryRead(out var item))
            {
                using var taken = item;
                reading.ThrowIfCancellationRequested();
                await WriteAsync(item, writing);
            }
        }
    }

    private async ValueTask WriteAsync(TailItem item, CancellationToken writing)
    {
        var isFirst = delivery.Lines == 0;
        var wanted = delivery.Take(item);
        using var copy = wanted == item.Batch ? null : wanted;
        if (isFirst && delivery.Lines > 0)
        {
            FirstLine();
        }

        await sink.WriteAsync(item with { Batch = wanted }, flush: !source.HasItems, writing);
        if (!wanted.Entries.IsEmpty || wanted.Notices.Count > 0)
        {
            _silentSince = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_silentSince) >= heartbeat)
        {
            // Lines come, but none that the client wants.
            await HeartbeatAsync(writing);
        }
    }

    private async ValueTask<bool> WaitAsync(CancellationToken reading, CancellationToken writing)
    {
        var next = source.WaitToReadAsync(reading);
        if (next.IsCompleted)
        {
            return await next;
        }

        var waiting = next.AsTask();
        while (true)
        {
            try
            {
                var left = heartbeat - time.GetElapsedTime(_silentSince);
                return await waiting.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, reading);
            }
            catch (TimeoutException)
            {
                // A batch may have come while the time-out was on its way: then it is read at once.
                if (waiting.IsCompleted)
                {
                    return await waiting;
                }

                await HeartbeatAsync(writing);
            }
        }
    }

    private ValueTask HeartbeatAsync(CancellationToken writing)
    {
        _silentSince = time.GetTimestamp();
        return sink.HeartbeatAsync(writing);
    }
}
