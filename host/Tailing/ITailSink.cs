namespace RunLogs.Host.Tailing;

/// <summary>The client's side of a tail: one per protocol.</summary>
internal interface ITailSink
{
    /// <summary>Whether the client's messages carry their line feeds.</summary>
    bool KeepsLineEnds { get; }

    /// <summary>Whether it is given one line at a time, to tell the client its position after each.</summary>
    bool TakesSingleLines { get; }

    /// <summary>It is known what is streamed: where the protocol can, headers go out.</summary>
    /// <param name="plan">The tail.</param>
    /// <param name="delivery">What the client got so far; counts a batch before it is written here.</param>
    /// <param name="cancellationToken">The client's.</param>
    ValueTask AcceptAsync(TailPlan plan, Delivery delivery, CancellationToken cancellationToken);

    /// <summary>Writes a batch, which may hold no lines; with <paramref name="flush"/>, nothing written so far stays behind.</summary>
    ValueTask WriteAsync(TailItem item, bool flush, CancellationToken cancellationToken);

    /// <summary>Shows the client, and what is in between, that the tail is alive; also before it is known what is streamed.</summary>
    ValueTask HeartbeatAsync(CancellationToken cancellationToken);

    /// <summary>The end of the stream, good or bad, to a client that is still there: an error is told by the caller afterwards.</summary>
    ValueTask EndAsync(Closing closing, CancellationToken cancellationToken);
}
