namespace RunLogs.Host.Tailing;

/// <summary>Moves batches from the channel to the client: the one reader and the one writer of a tail.</summary>
internal sealed class TailPump(TailChannel channel, ITailSink sink, TimeSpan heartbeat, TimeProvider time)
{
    /// <summary>Entries that reached the sink.</summary>
    public long Lines { get; private set; }

    /// <summary>Told once, when the first line is written.</summary>
    public required Action FirstLine { get; init; }

    /// <summary>Pumps until the channel completes; the writer's error is thrown after its last batch.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await WaitAsync(cancellationToken))
        {
            while (channel.TryRead(out var item))
            {
                using var batch = item.Batch;
                if (Lines == 0 && !batch.Entries.IsEmpty)
                {
                    FirstLine();
                }

                Lines += batch.Entries.Length;
                await sink.WriteAsync(item, flush: !channel.HasItems, cancellationToken);
            }
        }
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var next = channel.WaitToReadAsync(cancellationToken);
        if (next.IsCompleted)
        {
            return await next;
        }

        var waiting = next.AsTask();
        while (true)
        {
            try
            {
                return await waiting.WaitAsync(heartbeat, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // A batch may have come while the time-out was on its way: then it is read at once.
                if (waiting.IsCompleted)
                {
                    return await waiting;
                }

                await sink.HeartbeatAsync(cancellationToken);
            }
        }
    }
}
