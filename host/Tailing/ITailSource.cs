namespace RunLogs.Host.Tailing;

/// <summary>Where a tail's pump takes its batches from: one log, or several merged.</summary>
internal interface ITailSource
{
    /// <summary>Whether something can be read now.</summary>
    bool HasItems { get; }

    /// <summary>Whether something can be read; false when nothing will come any more. A source's error is thrown after its last item.</summary>
    ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken);

    bool TryRead(out TailItem item);
}
