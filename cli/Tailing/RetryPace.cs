namespace RunLogs.Cli.Tailing;

/// <summary>How soon and for how long a broken stream is asked for again.</summary>
internal sealed class RetryPace(TimeSpan limit, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;
    private long _since;

    /// <summary>Whether a stream has come in this call: one that never did is not waited for.</summary>
    public bool HasStream { get; private set; }

    /// <summary>Whether the stream was broken since it last gave something.</summary>
    public bool IsBroken => _since != 0;

    public void Succeeded() => (HasStream, _since, _next) = (true, 0, First);

    /// <summary>Waits before the next try; false when it was tried for long enough.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        _since = _since == 0 ? time.GetTimestamp() : _since;
        if (time.GetElapsedTime(_since) + _next > limit)
        {
            return false;
        }

        await Task.Delay(_next * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return true;
    }
}
