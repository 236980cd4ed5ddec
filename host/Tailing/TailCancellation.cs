namespace RunLogs.Host.Tailing;

/// <summary>The one place that decides whose cancellation ended a tail: the first cause stands.</summary>
internal sealed class TailCancellation : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _clientCancels;
    private readonly CancellationTokenRegistration _shutdownCancels;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _deadline;
    private readonly CancellationToken _client;
    private int _reason;

    /// <param name="time">The clock the deadline is read on.</param>
    /// <param name="deadline">The client's own; a cancellation at or after it is the deadline's.</param>
    /// <param name="client">Cancelled when the client is gone or its deadline passed.</param>
    /// <param name="shutdown">Cancelled when the host stops.</param>
    public TailCancellation(TimeProvider time, DateTimeOffset deadline, CancellationToken client, CancellationToken shutdown)
    {
        (_time, _deadline, _client) = (time, deadline, client);
        _clientCancels = client.Register(CancelForClient);
        _shutdownCancels = shutdown.Register(() => Cancel(EndReason.ShuttingDown));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whose cancellation it was; null while nobody cancelled.</summary>
    public EndReason? Reason
    {
        get
        {
            // A write fails as soon as the client is gone: maybe before this was told of it.
            if (_client.IsCancellationRequested)
            {
                CancelForClient();
            }

            return Volatile.Read(ref _reason) is var reason and not 0 ? (EndReason)reason : null;
        }
    }

    public void Cancel(EndReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, 0) == 0)
        {
            _source.Cancel();
        }
    }

    public void Dispose()
    {
        _clientCancels.Dispose();
        _shutdownCancels.Dispose();
        _source.Dispose();
    }

    private void CancelForClient() => Cancel(_time.GetUtcNow() >= _deadline ? EndReason.Deadline : EndReason.ClientGone);
}
