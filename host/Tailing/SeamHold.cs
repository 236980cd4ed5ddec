using System.Diagnostics.CodeAnalysis;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>New lines that stand among repeats, kept back until the repeats are over; the rest of an unfinished line goes out first.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "Whoever takes a batch disposes it.")]
internal sealed class SeamHold
{
    private LogBatch? _rest;
    private LogBatch? _lines;

    public bool IsEmpty => _rest is null && _lines is null;

    /// <summary>Copies an entry; false when there is no room.</summary>
    public bool TryAdd(LogBatch batch, in LogEntry entry, bool isRest)
    {
        var to = isRest ? _rest ??= new LogBatch() : _lines ??= new LogBatch();
        to.Instance = batch.Instance ?? to.Instance;
        return to.TryAppend(entry.Timestamp, batch.TextOf(entry), entry.Stream, entry.Originator, entry.End);
    }

    /// <summary>The next batch to send.</summary>
    public bool TryTake([NotNullWhen(true)] out LogBatch? batch)
    {
        batch = _rest ?? _lines;
        _lines = _rest is null ? null : _lines;
        _rest = null;
        return batch is not null;
    }

    public void Clear()
    {
        while (TryTake(out var batch))
        {
            batch.Dispose();
        }
    }
}
