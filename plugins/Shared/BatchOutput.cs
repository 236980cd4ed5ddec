using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Plugins;

/// <summary>The batch being filled, and the way it takes to the host.</summary>
internal sealed class BatchOutput(ChannelWriter<LogBatch> writer) : IDisposable
{
    public LogBatch Batch { get; private set; } = new();

    /// <summary>Whether the host has been told that this backend has the container.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Writes the batch if it holds anything, and begins the next.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (Batch is { Entries.IsEmpty: true, Notices.Count: 0, Instance: null, Facts: null })
            return;

        await writer.WriteAsync(Batch, cancellationToken);
        IsOpen = true;
        Batch = new LogBatch();
    }

    /// <summary>Disposes the batch that was not accepted.</summary>
    public void Dispose() => Batch.Dispose();
}
