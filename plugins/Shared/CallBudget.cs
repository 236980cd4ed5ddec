namespace RunLogs.Plugins;

/// <summary>The token bucket of one operation: callers go one by one in the order they came, so that none starves.</summary>
/// <param name="callsPerSecond">How many go in the long run.</param>
/// <param name="time">The clock.</param>
/// <param name="burst">How many go at once after a rest.</param>
internal sealed class CallBudget(double callsPerSecond, TimeProvider time, int burst = 1)
{
    private const int LongestSlowdown = 8;
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private DateTimeOffset _nextAt;
    private DateTimeOffset _slowedAt;
    private double _slowdown = 1;
    private int _waiting;

    /// <summary>How long a caller who came now would wait.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
            {
                var until = _nextAt - time.GetUtcNow() - Ahead;
                return (until > TimeSpan.Zero ? until : TimeSpan.Zero) + (Interval * Math.Max(0, _waiting));
            }
        }
    }

    private TimeSpan Interval => TimeSpan.FromSeconds(_slowdown / callsPerSecond);

    // A service that throttles has no patience for bursts.
    private TimeSpan Ahead => _slowdown > 1 ? TimeSpan.Zero : Interval * (burst - 1);

    /// <summary>Ends when it is this caller's turn.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_lock)
        {
            (before, _last) = (_last, mine.Task);
            _waiting++;
        }

        try
        {
            await before.WaitAsync(cancellationToken);
            if (UntilNext() is { } delay && delay > TimeSpan.Zero)
                await Task.Delay(delay, time, cancellationToken);

            lock (_lock)
                _nextAt = Later(_nextAt, time.GetUtcNow()) + Interval;
        }
        finally
        {
            lock (_lock)
                _waiting--;

            // Who gives up in the queue lets the next one through only after those before.
            if (before.IsCompleted)
                mine.SetResult();
            else
                _ = before.ContinueWith(_ => mine.SetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>The service throttled a call: half as many from now on, back to normal little by little.</summary>
    /// <param name="notBefore">When the service takes calls again, where that is known.</param>
    public void SlowDown(DateTimeOffset notBefore = default)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            // Several calls throttled at once are one event.
            if (_slowdown == 1 || now - _slowedAt > TimeSpan.FromSeconds(1))
                (_slowdown, _slowedAt) = (Math.Min(LongestSlowdown, _slowdown * 2), now);

            _nextAt = Later(_nextAt, notBefore);
        }
    }

    private TimeSpan UntilNext()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_slowdown > 1 && now - _slowedAt > Recovery)
                (_slowdown, _slowedAt) = (Math.Max(1, _slowdown / 2), now);

            return _nextAt - now - Ahead;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
