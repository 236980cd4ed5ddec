using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>
/// Where a tail stands in one container's log: the whole second to reopen from, and how many lines were delivered from there on.
/// </summary>
/// <remarks>Timestamps are neither monotonic nor unique, so that a timestamp alone is never a position.</remarks>
internal sealed class LinePosition(bool fromTheStart)
{
    // Sources order lines by arrival: their times go back by milliseconds, so the second before the newest is still open.
    private const int OpenSeconds = 2;

    private readonly LineTail _tail = new();
    private readonly List<SecondCount> _seconds = [];
    private long _countedFrom = fromTheStart ? long.MinValue : long.MaxValue;
    private SecondCount _timeless = new(long.MaxValue);
    private SecondCount? _current;
    private int _partsOfOpenLine;

    /// <summary>The instance the newest line belongs to, as far as known.</summary>
    public ContainerInstance? Instance { get; private set; }

    /// <summary>Lines delivered in all.</summary>
    public long Lines { get; private set; }

    /// <summary>Whether anything of the current instance was delivered.</summary>
    public bool HasLines => _tail.Count > 0;

    /// <summary>The time of the newest line that has one.</summary>
    public LogTimestamp Newest { get; private set; } = LogTimestamp.None;

    /// <summary>The second to reopen from; none when no line had a time.</summary>
    public LogTimestamp Since => Newest.IsNone ? LogTimestamp.None : LogTimestamp.FromUnixSeconds(Newest.UnixSeconds - 1);

    /// <summary>Parts of an unfinished line that were delivered.</summary>
    public int PartsOfOpenLine => _partsOfOpenLine;

    /// <summary>The hashes of the newest lines, oldest first.</summary>
    public ReadOnlySpan<ulong> Tail => _tail.Hashes;

    /// <summary>The lines a source sends again from <see cref="Since"/>; false when their number is not known.</summary>
    public bool TryCountReplay(out long lines, out ulong digest)
    {
        (lines, digest) = (_timeless.Lines, _timeless.Digest);
        var since = Newest.IsNone ? long.MinValue : Newest.UnixSeconds - 1;
        foreach (var second in _seconds)
        {
            if (second.Second >= since)
            {
                (lines, digest) = (lines + second.Lines, digest + second.Digest);
            }
        }

        return since >= _countedFrom;
    }

    /// <summary>Whether a batch belongs to another instance than the newest line; sources know its id, its restart number or both.</summary>
    public bool IsOfAnotherInstance(LogBatch batch) =>
        (Instance, batch.Instance) is ({ } known, { } named)
        && (known.ContainerId is not null && named.ContainerId is not null
            ? known.ContainerId != named.ContainerId
            : known.RestartCount is not null && named.RestartCount is not null && known.RestartCount != named.RestartCount);

    /// <summary>Takes a batch that will reach the client.</summary>
    public void Advance(LogBatch batch)
    {
        if (IsOfAnotherInstance(batch))
        {
            Restart();
        }

        Instance = batch.Instance ?? Instance;

        foreach (ref readonly var entry in batch.Entries)
        {
            if (_partsOfOpenLine == 0)
            {
                Begin(entry, LineHash.Of(entry, batch.TextOf(entry)));
            }

            _partsOfOpenLine = entry.End == LineEnd.Continues ? _partsOfOpenLine + 1 : 0;
        }
    }

    private void Begin(in LogEntry entry, ulong hash)
    {
        Lines++;
        _tail.Add(hash);
        if (entry.Timestamp.IsNone)
        {
            _timeless.Add(hash);
            return;
        }

        Newest = entry.Timestamp;
        var second = entry.Timestamp.UnixSeconds;
        if (_current?.Second != second)
        {
            _current = Open(second);
        }

        _current?.Add(hash);
    }

    // The count of a second, or null when it lies before those that are counted.
    private SecondCount? Open(long second)
    {
        if (_countedFrom == long.MaxValue)
        {
            // The log was entered in its middle: lines of this second, and late ones of it, may lie before the first.
            _countedFrom = second + OpenSeconds;
        }

        if (second < _countedFrom)
        {
            return null;
        }

        var known = _seconds.Find(count => count.Second == second);
        if (known is null)
        {
            _seconds.Add(known = new SecondCount(second));
            var oldest = _seconds.Max(count => count.Second) - OpenSeconds;
            if (_seconds.RemoveAll(count => count.Second < oldest) > 0)
            {
                _countedFrom = Math.Max(_countedFrom, oldest);
            }
        }

        return second < _countedFrom ? null : known;
    }

    private void Restart()
    {
        _tail.Clear();
        _seconds.Clear();
        (_countedFrom, _timeless, _current, _partsOfOpenLine, Newest) = (long.MinValue, new SecondCount(long.MaxValue), null, 0, LogTimestamp.None);
    }
}
