using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>Whose cancellation ended a tail.</summary>
public sealed class TailCancellationTests : IDisposable
{
    private readonly CancellationTokenSource _client = new();
    private readonly CancellationTokenSource _shutdown = new();

    [Fact]
    public void A_client_that_is_gone_is_known_before_anybody_was_told()
    {
        using var cancellation = new TailCancellation(TimeProvider.System, DateTimeOffset.MaxValue, _client.Token, _shutdown.Token);
        EndReason? seen = null;
        // Callbacks run newest first: this one before the tail's own.
        using var earlier = _client.Token.Register(() => seen = cancellation.Reason);

        _client.Cancel();

        Assert.Equal(EndReason.ClientGone, seen);
        Assert.True(cancellation.Token.IsCancellationRequested);
    }

    [Fact]
    public void The_first_cause_stands()
    {
        using var cancellation = new TailCancellation(TimeProvider.System, DateTimeOffset.MaxValue, _client.Token, _shutdown.Token);

        _shutdown.Cancel();
        _client.Cancel();

        Assert.Equal(EndReason.ShuttingDown, cancellation.Reason);
    }

    [Fact]
    public void A_client_whose_deadline_passed_did_not_leave()
    {
        using var cancellation = new TailCancellation(TimeProvider.System, DateTimeOffset.MinValue, _client.Token, _shutdown.Token);

        _client.Cancel();

        Assert.Equal(EndReason.Deadline, cancellation.Reason);
    }

    public void Dispose()
    {
        _client.Dispose();
        _shutdown.Dispose();
    }
}
