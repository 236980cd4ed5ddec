namespace RunLogs.Comparison.Api;

/// <summary>Sends a line each second to each of its readers, whose turns are spread over the second.</summary>
internal sealed class TickWheel
{
    private const int Slots = 1000;

    private readonly List<Ticks>[] _slots = [.. Enumerable.Range(0, Slots).Select(_ => new List<Ticks>())];
    private int _readers;

    /// <summary>Turns it, a slot each millisecond.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var began = TimeProvider.System.GetTimestamp();
        for (var turned = 0L; await timer.WaitForNextTickAsync(cancellationToken);)
        {
            for (var due = (long)TimeProvider.System.GetElapsedTime(began).TotalMilliseconds; turned < due; turned++)
            {
                var slot = _slots[turned % Slots];
                lock (slot)
                {
                    slot.ForEach(reader => reader.Tick());
                }
            }
        }
    }

    /// <summary>Sends to one reader until it is gone.</summary>
    public async Task SendAsync(ILogBody body, CancellationToken cancellationToken)
    {
        // A large step through the second: the first readers are spread as well as all of them.
        var slot = _slots[Interlocked.Increment(ref _readers) * 617L % Slots];
        var ticks = new Ticks(body);
        lock (slot)
        {
            slot.Add(ticks);
        }

        try
        {
            await body.Gone.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (slot)
            {
                slot.Remove(ticks);
            }

            await ticks.LastAsync();
        }
    }
}
