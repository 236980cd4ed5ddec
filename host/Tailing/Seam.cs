using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Drops what a reopened source sends again, up to the position where the tail goes on.</summary>
internal sealed class Seam
{
    private readonly SeamMode _mode;
    private readonly LogTimestamp _newest;
    private readonly ulong[] _searched;
    private readonly LineTail _seen = new();
    private readonly int _openParts;
    private readonly ulong _digest;
    private long _linesLeft;
    private ulong _digestSeen;
    private int _partsOfLine;

    private Seam(SeamMode mode, LinePosition position)
    {
        _mode = mode;
        _newest = position.Newest;
        _openParts = position.PartsOfOpenLine;
        _searched = mode == SeamMode.Search ? position.Tail.ToArray() : [];
        position.TryCountReplay(out _linesLeft, out _digest);
    }

    /// <summary>Whether the tail's next line is the source's next line.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether the lines do not fit: the source must be opened again with the next mode.</summary>
    public bool IsBroken { get; private set; }

    public SeamMode Mode => _mode;

    /// <summary>A seam at a position; one already closed when nothing was delivered yet.</summary>
    public static Seam At(LinePosition position, SeamMode mode)
    {
        var usable = mode == SeamMode.Count && !position.TryCountReplay(out _, out _) ? SeamMode.Search : mode;
        return new Seam(usable, position) { IsClosed = !position.HasLines };
    }

    /// <summary>From here on every line is new.</summary>
    public void Close() => IsClosed = true;

    /// <summary>Drops from the batch what was delivered before.</summary>
    public void Trim(LogBatch batch)
    {
        var dropped = 0;
        foreach (ref readonly var entry in batch.Entries)
        {
            if (IsClosed || IsBroken)
            {
                break;
            }

            dropped += Repeats(entry, batch.TextOf(entry)) ? 1 : 0;
        }

        batch.RemoveFirst(IsBroken ? batch.Entries.Length : dropped);
    }

    private bool Repeats(in LogEntry entry, ReadOnlySpan<byte> text)
    {
        var beginsLine = _partsOfLine == 0;
        _partsOfLine = entry.End == LineEnd.Continues ? _partsOfLine + 1 : 0;
        return _mode switch
        {
            SeamMode.Count => CountsAsDelivered(entry, text, beginsLine),
            SeamMode.Search => MatchesSoFar(entry, text, beginsLine),
            _ => IsOlder(entry),
        };
    }

    private bool CountsAsDelivered(in LogEntry entry, ReadOnlySpan<byte> text, bool beginsLine)
    {
        if (beginsLine)
        {
            _linesLeft--;
            _digestSeen = unchecked(_digestSeen + LineHash.Of(entry, text));
            IsBroken = _linesLeft == 0 ? _digestSeen != _digest : IsPast(entry);
        }

        IsClosed = !IsBroken && _linesLeft == 0 && LastPartDelivered();
        return true;
    }

    private bool MatchesSoFar(in LogEntry entry, ReadOnlySpan<byte> text, bool beginsLine)
    {
        if (beginsLine)
        {
            _seen.Add(LineHash.Of(entry, text));
            IsBroken = IsPast(entry);
        }

        IsClosed = !IsBroken && _seen.Count >= _searched.Length && _seen.Hashes[^_searched.Length..].SequenceEqual(_searched) && LastPartDelivered();
        return true;
    }

    // Nothing of the delivered lines is left at the source, so one that is not older is new; equal times are sent rather than lost.
    private bool IsOlder(in LogEntry entry)
    {
        IsClosed = entry.Timestamp.IsNone || entry.Timestamp >= _newest;
        return !IsClosed;
    }

    // A line of seconds later than the newest delivered one cannot be a repeat.
    private bool IsPast(in LogEntry entry) => !entry.Timestamp.IsNone && entry.Timestamp.UnixSeconds > _newest.UnixSeconds + 1;

    private bool LastPartDelivered() => _openParts == 0 ? _partsOfLine == 0 : _partsOfLine == _openParts;
}
