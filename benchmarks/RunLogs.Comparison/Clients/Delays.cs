namespace RunLogs.Comparison.Clients;

/// <summary>How long lines were on their way, while somebody wants to know.</summary>
internal sealed class Delays
{
    private readonly long[] _nanoseconds = new long[1024 * 1024];
    private volatile bool _isWanted;
    private int _count;

    public void Add(long nanoseconds)
    {
        if (_isWanted && Interlocked.Increment(ref _count) is var count && count <= _nanoseconds.Length)
        {
            _nanoseconds[count - 1] = nanoseconds;
        }
    }

    /// <summary>Those of the next while, in microseconds.</summary>
    public async Task<IReadOnlyList<double>> TakeAsync(TimeSpan window, CancellationToken cancellationToken)
    {
        (_count, _isWanted) = (0, true);
        await Task.Delay(window, TimeProvider.System, cancellationToken);
        _isWanted = false;
        return [.. _nanoseconds.Take(Math.Min(_count, _nanoseconds.Length)).Select(one => one / 1000.0)];
    }
}
