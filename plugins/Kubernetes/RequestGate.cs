using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Bounds the requests that wait for one API server, and lets a single one find out whether a server that went away is back.</summary>
internal sealed class RequestGate : IDisposable
{
    // A thousand tails that lost their server together come back in this many at a time.
    private const int MostInFlight = 64;

    private readonly SemaphoreSlim _places = new(MostInFlight);
    private readonly Lock _lock = new();
    private bool _isAway;
    private TaskCompletionSource<LogStreamException?>? _probe;

    /// <summary>Sends a request in its turn; while the server is away all but one share that one's failure.</summary>
    /// <param name="send">Sends it.</param>
    /// <param name="isAway">Whether a failure means that the server cannot be reached at all.</param>
    /// <param name="cancellationToken">Gives the turn up.</param>
    public async Task<T> SendAsync<T>(Func<Task<T>> send, Func<LogStreamException, bool> isAway, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (mine, others) = Turn();
            if (others is not null)
            {
                if (await others.WaitAsync(cancellationToken) is { } fault)
                {
                    throw new LogStreamException(fault.Error, fault.Message, fault.Reason, fault);
                }

                continue;
            }

            LogStreamException? outcome = null;
            try
            {
                await _places.WaitAsync(cancellationToken);
                try
                {
                    // Meanwhile it may have gone: who waited for a place asks again whose turn it is.
                    if (mine is null && Volatile.Read(ref _isAway))
                    {
                        continue;
                    }

                    var result = await send();
                    Volatile.Write(ref _isAway, false);
                    return result;
                }
                catch (LogStreamException fault) when (mine is not null || isAway(fault))
                {
                    outcome = fault;
                    Volatile.Write(ref _isAway, true);
                    throw;
                }
                finally
                {
                    _places.Release();
                }
            }
            finally
            {
                EndTurn(mine, outcome);
            }
        }
    }

    public void Dispose() => _places.Dispose();

    // The probe to be, or the one that is under way.
    private (TaskCompletionSource<LogStreamException?>? Mine, Task<LogStreamException?>? Others) Turn()
    {
        lock (_lock)
        {
            return !_isAway ? (null, null)
                : _probe is { } probe ? (null, probe.Task)
                : (_probe = new TaskCompletionSource<LogStreamException?>(TaskCreationOptions.RunContinuationsAsynchronously), null);
        }
    }

    private void EndTurn(TaskCompletionSource<LogStreamException?>? mine, LogStreamException? outcome)
    {
        if (mine is not null)
        {
            lock (_lock)
            {
                _probe = null;
            }

            mine.SetResult(outcome);
        }
    }
}
