namespace RunLogs.Plugins;

/// <summary>Counts the tails of a streamer, so that it can wait for the last one.</summary>
internal sealed class OpenTails
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _allLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _closed;

    /// <summary>A tail's place, given back by disposing it; null once closed.</summary>
    public IDisposable? Enter()
    {
        lock (_lock)
        {
            _count += _closed ? 0 : 1;
            return _closed ? null : new Place(this);
        }
    }

    /// <summary>Lets nobody in any more and ends when the last one has left.</summary>
    public Task AllLeftAsync()
    {
        lock (_lock)
        {
            _closed = true;
            EndIfEmpty();
            return _allLeft.Task;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _count--;
            EndIfEmpty();
        }
    }

    private void EndIfEmpty()
    {
        if (_closed && _count == 0)
            _allLeft.TrySetResult();
    }

    private sealed class Place(OpenTails tails) : IDisposable
    {
        public void Dispose() => tails.Leave();
    }
}
