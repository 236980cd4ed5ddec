namespace RunLogs.Host.Tailing;

/// <summary>Moves batches from the channel to the client: the one reader and the one writer of a tail.</summary>
internal sealed class TailPump(ITailSource source, Delivery delivery, ITailSink sink, TimeSpan heartbeat, TimeProvider time)
{
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
                using var batch = item.Batch;
                reading.ThrowIfCancellationRequested();
                if (delivery.Lines == 0 && !batch.Entries.IsEmpty)
                {
                    FirstLine();
                }

                delivery.Take(item);
                await sink.WriteAsync(item, flush: !source.HasItems, writing);
            }
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
                return await waiting.WaitAsync(heartbeat, time, reading);
            }
            catch (TimeoutException)
            {
                // A batch may have come while the time-out was on its way: then it is read at once.
                if (waiting.IsCompleted)
                {
                    return await waiting;
                }

                await sink.HeartbeatAsync(writing);
            }
        }
    }
}
