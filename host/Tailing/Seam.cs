using System.Diagnostics.CodeAnalysis;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Drops what a reopened source sends again, up to the position where the tail goes on.</summary>
internal sealed class Seam
{
    private readonly SeamRule _rule;
    private readonly SeamHold _hold = new();
    private readonly int _openParts;
    private bool _closed;
    private int _parts;
    private bool _repeats;
    private bool _isLast;

    private Seam(SeamMode mode, PositionRecord position)
    {
        Mode = mode;
        _openParts = position.PartsOfOpenLine;
        _rule = mode switch
        {
            SeamMode.Count => new CountRule(position),
            SeamMode.Match => new MatchRule(position),
            _ => new SearchRule(position, near: mode == SeamMode.SearchNear),
        };
    }

    public SeamMode Mode { get; }

    /// <summary>The mode to open the source with again when this one does not fit.</summary>
    public SeamMode Next => _rule.Next;

    /// <summary>Whether every further line of the source is new.</summary>
    public bool IsClosed => _closed;

    /// <summary>Whether the lines do not fit: the source must be opened again with the next mode.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether lines were kept back that may be new; a source that ended so has not caught up, or does not fit.</summary>
    public bool Withholds => !_closed && (_rule.IsGuessing || !_hold.IsEmpty);

    /// <summary>What cannot be promised of this place, as far as it is known.</summary>
    public SeamDoubt Doubt => _rule.Doubt;

    /// <summary>A seam at a position; one already closed when nothing was delivered yet.</summary>
    public static Seam At(LinePosition position, SeamMode mode)
    {
        var record = position.Save();
        return new Seam(mode == SeamMode.Count && !record.IsCounted ? SeamMode.Search : mode, record) { _closed = !position.HasLines };
    }

    /// <summary>From here on every line is new.</summary>
    public void Close() => _closed = true;

    /// <summary>What was kept back until the repeats were over; to be sent before the batch that was trimmed last.</summary>
    public bool TryTake([NotNullWhen(true)] out LogBatch? batch)
    {
        batch = null;
        return (_closed || Mode == SeamMode.Match) && _hold.TryTake(out batch);
    }

    /// <summary>Drops what was kept back: it will be read again.</summary>
    public void Discard() => _hold.Clear();

    /// <summary>Leaves in the batch what is new and follows all repeats.</summary>
    public void Trim(LogBatch batch)
    {
        if (_closed)
        {
            return;
        }

        var passed = 0;
        foreach (ref readonly var entry in batch.Entries)
        {
            if (_closed || IsBroken)
            {
                break;
            }

            passed++;
            Pass(batch, entry);
        }

        batch.RemoveFirst(passed);
    }

    private void Pass(LogBatch batch, in LogEntry entry)
    {
        if (_parts++ == 0)
        {
            var hash = LineHash.Of(batch.TextOf(entry));
            _repeats = _rule.IsRepeat(new LineMark((uint)hash, LineMark.MillisecondOf(entry.Timestamp)), hash, out _isLast);
            IsBroken = _rule.IsBroken;
        }

        var isRest = _isLast && _openParts > 0 && _parts > _openParts;
        if ((isRest || !_repeats) && !IsBroken)
        {
            IsBroken = !_hold.TryAdd(batch, entry, isRest);
        }

        var lineEnds = entry.End != LineEnd.Continues;
        _closed = _rule.IsDone && !IsBroken && (lineEnds || (_isLast && _parts == _openParts && _hold.IsEmpty));
        _parts = lineEnds ? 0 : _parts;
    }
}
