using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>A batch on its way to the client.</summary>
/// <param name="Batch">The lines; whoever holds the item disposes it.</param>
/// <param name="Backend">The backend they were read from.</param>
/// <param name="Kind">Whether that is a live source or an archive.</param>
/// <param name="Log">Which of the tail's logs they belong to.</param>
internal readonly record struct TailItem(LogBatch Batch, string Backend, LogSourceKind Kind, int Log)
{
    /// <summary>When it came, as a timestamp of the clock; only where several logs are merged.</summary>
    public long Arrived { get; init; }

    /// <summary>The backend that the lines before came from, when the batch tells that another one goes on.</summary>
    public string? From { get; init; }
}
