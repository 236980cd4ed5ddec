using System.Threading.Channels;

namespace RunLogs.Abstractions;

/// <summary>Streams the logs of containers; one per backend and cluster, used by many tails at once.</summary>
public interface ILogStreamer : IAsyncDisposable
{
    /// <summary>Streams one container's log, oldest line first, and returns how it ended.</summary>
    /// <remarks>
    /// <see cref="TailRequest.Since"/> leaves lines out by their own timestamps alone, so that a second read gives the same lines again.
    /// A batch the writer accepted belongs to the host; another is disposed here. The writer is never completed here. What a client
    /// should see is a <see cref="LogStreamException"/>; a cancelled token ends the call at once.
    /// </remarks>
    Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken);
}
