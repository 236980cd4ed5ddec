using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Sees what a backend writes before the seam drops repeats.</summary>
/// <param name="log">The log it writes.</param>
/// <param name="missing">Puts the backend aside when the log's beginning is gone there; null when that does not matter.</param>
/// <param name="endBefore">The first line at or after this time, and all behind it whatever their times, are left out; null for none.</param>
internal sealed class SourceWatch(ChainLog log, MissingBeginning? missing = null, LogTimestamp? endBefore = null) : ChannelWriter<LogBatch>
{
    private LogBatch? _lastLines;
    private bool _isAtEnd;

    /// <summary>Whether the backend sees the container itself.</summary>
    public bool IsLive { get; init; }

    /// <summary>The time of the newest line, new or not.</summary>
    public LogTimestamp Newest { get; private set; } = LogTimestamp.None;

    // A batch comes again when there was no room for it: to see it twice changes nothing.
    public override bool TryWrite(LogBatch item)
    {
        log.Learn(item);
        if (IsLive)
        {
            log.Record(item);
        }

        if (missing?.IsShownBy(item) == true)
        {
            item.Dispose();
            return true;
        }

        if (item.Entries is [.., var last] && last.Timestamp > Newest)
        {
            Newest = last.Timestamp;
        }

        return endBefore is null ? log.Output.TryWrite(item) : TryWriteBeginning(item, endBefore.Value);
    }

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => log.Output.WaitToWriteAsync(cancellationToken);

    public override bool TryComplete(Exception? error = null) => false;

    // Times go back by milliseconds: left out one by one, lines in the middle of those delivered would be missing.
    private bool TryWriteBeginning(LogBatch item, LogTimestamp end)
    {
        if (_isAtEnd)
        {
            item.Dispose();
            return true;
        }

        var taken = 0;
        foreach (ref readonly var entry in item.Entries)
        {
            if (!entry.Timestamp.IsNone && entry.Timestamp >= end)
            {
                break;
            }

            taken++;
        }

        if (_lastLines is null && taken == item.Entries.Length)
        {
            return log.Output.TryWrite(item);
        }

        // Offered again when there was no room for it.
        _lastLines ??= item.TakeFirst(taken, first: true);
        if (!log.Output.TryWrite(_lastLines))
        {
            return false;
        }

        item.Dispose();
        return _isAtEnd = true;
    }
}
