using System.IO.Hashing;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>What one client got so far: the positions of its logs, and the sums of its closing record.</summary>
/// <param name="plan">The tail.</param>
/// <param name="keepsLineEnds">Whether the client's messages carry their line feeds.</param>
internal sealed class Delivery(TailPlan plan, bool keepsLineEnds)
{
    private readonly LinePosition[] _positions = [.. plan.Logs.Select(log => new LinePosition(fromTheStart: log.TailLines is null))];
    private readonly XxHash128 _hash = new();
    private readonly List<(string Backend, long Lines)> _shares = [];
    private LogTimestamp _first = LogTimestamp.None;
    private LogTimestamp _last = LogTimestamp.None;
    private long _bytes;

    /// <summary>Lines, and parts of long ones, that the client got.</summary>
    public long Lines { get; private set; }

    /// <summary>Counts a batch that is about to be written.</summary>
    public void Take(in TailItem item)
    {
        var batch = item.Batch;
        _positions[item.Log].Advance(batch);
        if (batch.Entries.IsEmpty)
        {
            return;
        }

        foreach (ref readonly var entry in batch.Entries)
        {
            _hash.Append(batch.TextOf(entry));
            _hash.Append("\n"u8);
            _bytes += entry.Length + (keepsLineEnds && entry.End == LineEnd.LineFeed ? 1 : 0);
            if (!entry.Timestamp.IsNone)
            {
                _last = entry.Timestamp;
                _first = _first.IsNone ? _last : _first;
            }
        }

        Lines += batch.Entries.Length;
        Share(item.Backend, batch.Entries.Length);
    }

    public Closing Close(LogOutcome outcome) => new(outcome, Lines, _bytes, _first, _last, _shares, _hash.GetCurrentHash());

    private void Share(string backend, int lines)
    {
        var known = _shares.FindIndex(share => share.Backend == backend);
        if (known < 0)
        {
            _shares.Add((backend, lines));
        }
        else
        {
            _shares[known] = (backend, _shares[known].Lines + lines);
        }
    }
}
