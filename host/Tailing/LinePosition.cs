using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>
/// Where a tail stands in one container's log, at whatever source: the whole second to reopen from, how many lines were delivered of each millisecond since,
/// and the newest lines.
/// </summary>
/// <remarks>Timestamps are neither monotonic nor unique, so that a timestamp alone is never a position.</remarks>
internal sealed class LinePosition(bool fromTheStart)
{
    // Sources order lines by arrival: their times go back by milliseconds, so the second before the newest is still open.
    private const int OpenSeconds = 2;

    private const long LeastSecond = long.MinValue / LogTimestamp.NanosecondsPerSecond;

    private readonly LineTail _tail = new();
    private readonly LineCounts _counts = new();
    private long _countedFrom = fromTheStart ? long.MinValue : long.MaxValue;
    private LineCount _timeless = LineCount.Timeless;
    private long _millisecond = LineMark.Timeless;
    private long _millisecondStart = long.MinValue;
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
    public LogTimestamp Since => Newest.IsNone ? LogTimestamp.None : LogTimestamp.FromUnixSeconds(Math.Max(Newest.UnixSeconds - 1, LeastSecond));

    /// <summary>The position before any line of a request.</summary>
    public static LinePosition Before(TailRequest request) => new(fromTheStart: request.TailLines is null && request.Since is null or { NanosecondOfSecond: 0 });

    /// <summary>The position that was saved.</summary>
    public static LinePosition Restore(PositionRecord record)
    {
        var position = new LinePosition(fromTheStart: true)
        {
            Instance = record.Instance,
            Newest = record.Newest,
            _countedFrom = record.CountedFrom,
            _timeless = record.Timeless,
            _partsOfOpenLine = record.PartsOfOpenLine,
        };
        position._counts.Restore(record.Counts, record.SinceSecond);
        foreach (var mark in record.Tail)
        {
            position._tail.Add(mark);
        }

        return position;
    }

    /// <summary>All that is needed to go on from here, also elsewhere and later.</summary>
    public PositionRecord Save()
    {
        var record = new PositionRecord
        {
            Instance = Instance,
            Newest = Newest,
            CountedFrom = Math.Max(_countedFrom, _counts.CountedFrom),
            Timeless = _timeless,
            Tail = _tail.Marks.ToArray(),
            PartsOfOpenLine = _partsOfOpenLine,
        };
        return Newest.IsNone ? record : record with { Counts = _counts.From(record.SinceSecond) };
    }

    /// <summary>Whether a batch belongs to another instance than the newest line; sources know its id, its restart number or both.</summary>
    public bool IsOfAnotherInstance(LogBatch batch) =>
        (Instance, batch.Instance) is ({ } known, { } named)
        && (known.ContainerId is not null && named.ContainerId is not null
            ? known.ContainerId != named.ContainerId
            : known.RestartCount is not null && named.RestartCount is not null && known.RestartCount != named.RestartCount);

    /// <summary>Whether a line of this time or a later one was delivered, as far as remembered; lines come out of the order of their times.</summary>
    public bool HasReached(LogTimestamp time) => Newest >= time || _tail.HasAfter(LineMark.MillisecondOf(time));

    /// <summary>Takes a batch that will reach the client.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="hashes">The hashes of its entries; empty where they are not at hand.</param>
    public void Advance(LogBatch batch, ReadOnlySpan<ulong> hashes = default)
    {
        if (IsOfAnotherInstance(batch))
        {
            Restart();
        }

        if (batch.Instance is { } named && !ReferenceEquals(named, Instance))
        {
            Learn(named);
        }

        var entries = batch.Entries;
        for (var i = BeginOrdered(entries, hashes); i < entries.Length; i++)
        {
            ref readonly var entry = ref entries[i];
            if (_partsOfOpenLine == 0)
            {
                Begin(entry.Timestamp, hashes.IsEmpty ? LineHash.Of(batch.TextOf(entry)) : hashes[i]);
            }

            _partsOfOpenLine = entry.End == LineEnd.Continues ? _partsOfOpenLine + 1 : 0;
        }
    }

    // Of a large batch in the order of its times, only the newest lines are remembered one by one: the number of the others, which are counted.
    private int BeginOrdered(ReadOnlySpan<LogEntry> entries, ReadOnlySpan<ulong> hashes)
    {
        if (hashes.Length < LineTail.Capacity * 2 || _partsOfOpenLine > 0 || _counts.Newest is not { } newest)
        {
            return 0;
        }

        var ordered = OrderedRun.LengthOf(entries, newest);
        if (ordered > 0)
        {
            _counts.AddFolded(entries[..ordered], hashes);
            Lines += ordered;
        }

        return ordered;
    }

    private void Begin(LogTimestamp time, ulong hash)
    {
        Lines++;
        if (time.IsNone)
        {
            _tail.Add(new LineMark((uint)hash, LineMark.Timeless));
            _timeless.Add(1, hash);
            return;
        }

        Newest = time;
        if (_millisecond == LineMark.Timeless || (ulong)(time.UnixNanoseconds - _millisecondStart) >= LineMark.NanosecondsPerMillisecond)
        {
            _millisecond = LineMark.MillisecondOf(time);
            _millisecondStart = _millisecond * LineMark.NanosecondsPerMillisecond;
            if (_countedFrom == long.MaxValue)
            {
                // The log was entered in its middle: lines of this second, and late ones of it, may lie before the first.
                _countedFrom = time.UnixSeconds + OpenSeconds;
            }
        }

        _tail.Add(new LineMark((uint)hash, _millisecond));
        _counts.Add(_millisecond, hash);
    }

    // A source that knows less of the instance than the one before takes nothing away.
    private void Learn(ContainerInstance named)
    {
        if (Instance is not { } known || (named.RestartCount ?? known.RestartCount, named.ContainerId ?? known.ContainerId) != (known.RestartCount, known.ContainerId))
        {
            Instance = new ContainerInstance { RestartCount = named.RestartCount ?? Instance?.RestartCount, ContainerId = named.ContainerId ?? Instance?.ContainerId };
        }
    }

    private void Restart()
    {
        _tail.Clear();
        _counts.Clear();
        (_countedFrom, _timeless, _millisecond, _partsOfOpenLine, Newest, Instance) = (long.MinValue, LineCount.Timeless, LineMark.Timeless, 0, LogTimestamp.None, null);
    }
}
