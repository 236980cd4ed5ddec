using System.Buffers;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>A batch on its way to the client; whoever holds it last disposes it, once.</summary>
/// <param name="Batch">The lines.</param>
/// <param name="Backend">The backend they were read from.</param>
/// <param name="Kind">Whether that is a live source or an archive.</param>
/// <param name="Log">Which of the tail's logs they belong to.</param>
internal readonly record struct TailItem(LogBatch Batch, string Backend, LogSourceKind Kind, int Log) : IDisposable
{
    /// <summary>The hashes of the batch's lines in a rented array, at its end; null where they are not at hand.</summary>
    public ulong[]? Hashes { get; init; }

    /// <summary>When it came, as a timestamp of the clock; only where several logs are merged.</summary>
    public long Arrived { get; init; }

    /// <summary>The backend that the lines before came from, when the batch tells that another one goes on.</summary>
    public string? From { get; init; }

    /// <summary>Moves a position beyond its lines.</summary>
    public void Advance(LinePosition position) => position.Advance(Batch, Hashes is null ? [] : Hashes.AsSpan(Hashes.Length - Batch.Entries.Length));

    public void Dispose()
    {
        Batch.Dispose();
        if (Hashes is not null)
        {
            ArrayPool<ulong>.Shared.Return(Hashes);
        }
    }
}
