using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Counts of the delivered lines of the newest seconds: by millisecond for the newest 32 that have lines, by second below.</summary>
internal sealed class LineCounts
{
    public const int MaxMilliseconds = 32;
    public const int MaxSeconds = 4;

    private const int LeastRoom = 8;
    private const int MostRoom = MaxMilliseconds * 8;

    // A window that moves on, in ascending order; room for some times their number, once there are as many.
    private LineCount[] _milliseconds = [];
    private readonly LineCount[] _seconds = new LineCount[MaxSeconds];
    private int _first;
    private int _end;
    private long _floor = long.MinValue;

    // The second that was folded into last: neighbours mostly share it.
    private long? _folded;

    /// <summary>The second below which lines are no longer counted.</summary>
    public long CountedFrom { get; private set; } = long.MinValue;

    /// <summary>The latest millisecond that has lines; null without any.</summary>
    public long? Newest => _end > _first ? _milliseconds[_end - 1].Start : null;

    public void Add(long millisecond, ulong hash)
    {
        if (_end > _first && _milliseconds[_end - 1].Start == millisecond)
        {
            _milliseconds[_end - 1].Add(1, hash);
        }
        else if (millisecond < _floor)
        {
            Fold(millisecond, 1, hash);
        }
        else
        {
            var place = Find(millisecond);
            _milliseconds[place].Add(1, hash);
            if (_end - _first > MaxMilliseconds)
            {
                FoldOldest();
            }
        }
    }

    /// <summary>Adds many lines at once, none of which stays apart by its millisecond.</summary>
    /// <param name="entries">The lines in the order of their times; all that were added before are older, or of the first one's millisecond.</param>
    /// <param name="hashes">Their hashes.</param>
    public void AddFolded(ReadOnlySpan<LogEntry> entries, ReadOnlySpan<ulong> hashes)
    {
        while (_first < _end)
        {
            FoldOldest();
        }

        for (var i = 0; i < entries.Length;)
        {
            var second = entries[i].Timestamp.UnixSeconds;
            var (begin, digest) = (i, 0UL);
            while (i < entries.Length && entries[i].Timestamp.UnixNanoseconds - (second * LogTimestamp.NanosecondsPerSecond) < LogTimestamp.NanosecondsPerSecond)
            {
                digest = unchecked(digest + hashes[i++]);
            }

            Fold(second * 1000, i - begin, digest);
        }

        _floor = LineMark.MillisecondOf(entries[^1].Timestamp) + 1;
    }

    /// <summary>The counts from a second on, in ascending order.</summary>
    public LineCount[] From(long second)
    {
        var counts = new List<LineCount>(MaxMilliseconds + MaxSeconds);
        foreach (ref readonly var count in _seconds.AsSpan())
        {
            if (count.Lines > 0 && count.Start >= second * 1000)
            {
                counts.Add(count with { End = Math.Min(count.End, _floor) });
            }
        }

        counts.Sort((left, right) => left.Start.CompareTo(right.Start));
        foreach (ref readonly var count in _milliseconds.AsSpan(_first, _end - _first))
        {
            if (count.Start >= second * 1000)
            {
                counts.Add(count);
            }
        }

        return [.. counts];
    }

    /// <summary>Takes over counts in ascending order, known from a second on.</summary>
    public void Restore(ReadOnlySpan<LineCount> counts, long countedFrom)
    {
        CountedFrom = countedFrom;
        foreach (ref readonly var count in counts)
        {
            if (count.End - count.Start > 1)
            {
                _floor = Math.Max(_floor, count.End);
                Fold(count.Start, count.Lines, count.Digest);
            }
            else
            {
                MakeRoom();
                _milliseconds[_end++] = count;
            }
        }
    }

    public void Clear()
    {
        (_first, _end, _floor, _folded, CountedFrom) = (0, 0, long.MinValue, null, long.MinValue);
        Array.Clear(_seconds);
    }

    // Room for one more behind the newest.
    private void MakeRoom()
    {
        if (_end < _milliseconds.Length)
        {
            return;
        }

        if (_end < MostRoom)
        {
            Array.Resize(ref _milliseconds, Math.Max(_end * 2, LeastRoom));
            return;
        }

        _milliseconds.AsSpan(_first, _end - _first).CopyTo(_milliseconds);
        (_first, _end) = (0, _end - _first);
    }

    // The place of a millisecond that is not below the floor, made where it is missing.
    private int Find(long millisecond)
    {
        MakeRoom();
        if (_end == _first || _milliseconds[_end - 1].Start < millisecond)
        {
            _milliseconds[_end] = LineCount.Of(millisecond);
            return _end++;
        }

        var place = _end;
        while (place > _first && _milliseconds[place - 1].Start > millisecond)
        {
            place--;
        }

        if (place > _first && _milliseconds[place - 1].Start == millisecond)
        {
            return place - 1;
        }

        _milliseconds.AsSpan(place, _end - place).CopyTo(_milliseconds.AsSpan(place + 1));
        _milliseconds[place] = LineCount.Of(millisecond);
        _end++;
        return place;
    }

    private void FoldOldest()
    {
        ref readonly var oldest = ref _milliseconds[_first++];
        _floor = oldest.End;
        Fold(oldest.Start, oldest.Lines, oldest.Digest);
    }

    private void Fold(long millisecond, long lines, ulong digest)
    {
        if (!IsOfFolded(millisecond))
        {
            var second = FloorDiv(millisecond);
            if (!TryBegin(second))
            {
                return;
            }

            _folded = second;
        }

        SumOf(_folded!.Value).Add(lines, digest);
    }

    private bool IsOfFolded(long millisecond) => _folded is { } second && (ulong)(millisecond - (second * 1000)) < 1000;

    // False for a second that gave its place to a later one.
    private bool TryBegin(long second)
    {
        ref var sum = ref SumOf(second);
        var known = sum.Lines > 0 ? FloorDiv(sum.Start) : long.MinValue;
        if (known > second)
        {
            CountedFrom = Math.Max(CountedFrom, second + 1);
            return false;
        }

        if (known < second)
        {
            CountedFrom = sum.Lines > 0 ? Math.Max(CountedFrom, known + 1) : CountedFrom;
            sum = new LineCount(second * 1000, (second + 1) * 1000, 0, 0);
        }

        return true;
    }

    private ref LineCount SumOf(long second) => ref _seconds[second & (MaxSeconds - 1)];

    private static long FloorDiv(long millisecond) => millisecond >= 0 ? millisecond / 1000 : ((millisecond + 1) / 1000) - 1;
}
