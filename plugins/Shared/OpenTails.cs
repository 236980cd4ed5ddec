using System.Diagnostics.CodeAnalysis;
using RunLogs.Abstractions;

namespace RunLogs.Plugins;

/// <summary>The open tails of a backend's streamer: they end with it, and it waits for the last one.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "CloseAsync disposes of it, once.")]
internal sealed class OpenTails(string backend)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _allLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _isClosed;

    /// <summary>Runs a tail until it ends, its caller gives up or the streamer is closed; the last is Unavailable, as it is when closed already.</summary>
    public async Task<TailEnd> RunAsync(Func<CancellationToken, Task<TailEnd>> tail, CancellationToken cancellationToken)
    {
        if (!TryEnter())
            throw Closed();

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
            either.Token.ThrowIfCancellationRequested();
            return await tail(either.Token);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Closed();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Ends all tails and returns after the last one, true; false when another call does.</summary>
    public async Task<bool> CloseAsync()
    {
        lock (_lock)
        {
            if (_isClosed)
                return false;

            _isClosed = true;
            EndIfEmpty();
        }

        await _closing.CancelAsync();
        await _allLeft.Task;
        _closing.Dispose();
        return true;
    }

    private bool TryEnter()
    {
        lock (_lock)
        {
            _count += _isClosed ? 0 : 1;
            return !_isClosed;
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
        if (_isClosed && _count == 0)
            _allLeft.TrySetResult();
    }

    private LogStreamException Closed() => new(LogStreamError.Unavailable, $"The {backend} backend is being replaced or shut down.", "SHUTTING_DOWN");
}
