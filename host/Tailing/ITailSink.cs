using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>The client's side of a tail: one per protocol.</summary>
internal interface ITailSink
{
    /// <summary>The context is known: where the protocol can, headers go out.</summary>
    ValueTask AcceptAsync(TailRequest request, CancellationToken cancellationToken);

    /// <summary>Writes a batch, which may hold no lines; with <paramref name="flush"/>, nothing written so far stays behind.</summary>
    ValueTask WriteAsync(TailItem item, bool flush, CancellationToken cancellationToken);

    /// <summary>Shows the client, and what is in between, that the tail is alive.</summary>
    ValueTask HeartbeatAsync(CancellationToken cancellationToken);
}
