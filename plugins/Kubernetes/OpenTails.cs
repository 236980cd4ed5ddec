namespace RunLogs.Plugins.Kubernetes;

/// <summary>Counts the tails of a streamer, so that what they use is let go of after the last one.</summary>
internal sealed class OpenTails
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _allLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _isClosed;

    /// <summary>Whether a tail may begin; each that did calls <see cref="Leave"/> at its end.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            _count += _isClosed ? 0 : 1;
            return !_isClosed;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _count--;
            EndIfEmpty();
        }
    }

    /// <summary>Lets nobody in any more and ends when the last one has left.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            EndIfEmpty();
            return _allLeft.Task;
        }
    }

    private void EndIfEmpty()
    {
        if (_isClosed && _count == 0)
        {
            _allLeft.TrySetResult();
        }
    }
}
