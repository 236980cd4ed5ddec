using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Bounds the requests that wait for one API server and for each node behind it, and lets a single one find out whether a server that went away is back.</summary>
internal sealed class RequestGate : IDisposable
{
    // A thousand tails that lost their server together come back in this many at a time.
    private const int MostInFlight = 64;

    // A node whose kubelet hangs must leave places for the others.
    private const int MostInFlightPerNode = MostInFlight / 4;

    private readonly SemaphoreSlim _places = new(MostInFlight);
    private readonly Dictionary<string, (SemaphoreSlim Places, int Users)> _nodes = new(StringComparer.Ordinal);
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

    /// <summary>Sends a request that a node answers, in its turn among those to the same node.</summary>
    public async Task<T> SendAsync<T>(string node, Func<Task<T>> send, Func<LogStreamException, bool> isAway, CancellationToken cancellationToken)
    {
        var places = Enter(node);
        try
        {
            await places.WaitAsync(cancellationToken);
            try
            {
                return await SendAsync(send, isAway, cancellationToken);
            }
            finally
            {
                places.Release();
            }
        }
        finally
        {
            Leave(node);
        }
    }

    public void Dispose() => _places.Dispose();

    private SemaphoreSlim Enter(string node)
    {
        lock (_lock)
        {
            var (places, users) = _nodes.TryGetValue(node, out var known) ? known : (new SemaphoreSlim(MostInFlightPerNode), 0);
            _nodes[node] = (places, users + 1);
            return places;
        }
    }

    private void Leave(string node)
    {
        lock (_lock)
        {
            var (places, users) = _nodes[node];
            if (users > 1)
            {
                _nodes[node] = (places, users - 1);
                return;
            }

            _nodes.Remove(node);
            places.Dispose();
        }
    }

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
