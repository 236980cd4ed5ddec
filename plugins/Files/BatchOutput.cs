using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>The batch being filled, and the way it takes to the host.</summary>
internal sealed class BatchOutput(ChannelWriter<LogBatch> writer) : IDisposable
{
    public LogBatch Batch { get; private set; } = new();

    /// <summary>Writes the batch if it holds anything, and begins the next.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (Batch is { Entries.IsEmpty: true, Notices.Count: 0, Instance: null })
            return;

        await writer.WriteAsync(Batch, cancellationToken);
        Batch = new LogBatch();
    }

    /// <summary>Disposes the batch that was not accepted.</summary>
    public void Dispose() => Batch.Dispose();
}
