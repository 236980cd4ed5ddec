using System.IO.Hashing;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>What one client got so far: the positions of its logs, and the sums of its closing record.</summary>
/// <param name="plan">The tail.</param>
/// <param name="keepsLineEnds">Whether the client's messages carry their line feeds.</param>
internal sealed class Delivery(TailPlan plan, bool keepsLineEnds)
{
    private readonly LinePosition[] _positions = [.. Enumerable.Range(0, plan.Logs.Count).Select(plan.PositionOf)];
    private readonly XxHash128 _hash = new();
    private readonly List<(string Backend, long Lines)> _shares = [];
    private LogTimestamp _first = LogTimestamp.None;
    private LogTimestamp _last = LogTimestamp.None;
    private long _bytes;

    /// <summary>Lines, and parts of long ones, that the client got.</summary>
    public long Lines { get; private set; }

    /// <summary>Grows whenever a position moves.</summary>
    public long Moves { get; private set; }

    /// <summary>Where the client stands in a log; null when it has nothing of it.</summary>
    public PositionRecord? PositionOf(int log) => _positions[log].HasLines ? _positions[log].Save() : null;

    /// <summary>Takes what is about to be written, and gives what of it the client wants: the same batch, or one of its own to dispose.</summary>
    public LogBatch Take(in TailItem item)
    {
        item.Advance(_positions[item.Log]);
        Moves += item.Batch.Entries.Length;
        var wanted = plan.Filter?.Apply(item.Batch) ?? item.Batch;
        if (!wanted.Entries.IsEmpty)
        {
            Count(wanted, item.Backend);
        }

        return wanted;
    }

    public Closing Close(LogOutcome outcome) => new(outcome, Lines, _bytes, _first, _last, _shares, _hash.GetCurrentHash());

    private void Count(LogBatch batch, string backend)
    {
        _hash.Append(batch.Text);
        foreach (ref readonly var entry in batch.Entries)
        {
            _bytes += entry.Length + (keepsLineEnds && entry.End == LineEnd.LineFeed ? 1 : 0);
            if (!entry.Timestamp.IsNone)
            {
                _last = entry.Timestamp;
                _first = _first.IsNone ? _last : _first;
            }
        }

        Lines += batch.Entries.Length;
        Share(backend, batch.Entries.Length);
    }

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
