using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Sees what a backend writes before the seam drops repeats.</summary>
/// <param name="log">The log it writes.</param>
/// <param name="missing">Puts the backend aside when the log's beginning is gone there; null when that does not matter.</param>
internal sealed class SourceWatch(ChainLog log, MissingBeginning? missing = null) : ChannelWriter<LogBatch>
{
    /// <summary>The time of the newest line, new or not.</summary>
    public LogTimestamp Newest { get; private set; } = LogTimestamp.None;

    // A batch comes again when there was no room for it: to see it twice changes nothing.
    public override bool TryWrite(LogBatch item)
    {
        log.Learn(item);
        if (missing?.IsShownBy(item) == true)
        {
            item.Dispose();
            return true;
        }

        if (item.Entries is [.., var last] && last.Timestamp > Newest)
        {
            Newest = last.Timestamp;
        }

        return log.Output.TryWrite(item);
    }

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => log.Output.WaitToWriteAsync(cancellationToken);

    public override bool TryComplete(Exception? error = null) => false;
}
