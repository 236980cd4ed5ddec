namespace RunLogs.Host.Tailing;

/// <summary>A line is a repeat as long as fewer of its millisecond were met than delivered: exact wherever a source keeps the order within a millisecond.</summary>
internal sealed class CountRule : SeamRule
{
    private readonly LineCount[] _seen;
    private readonly bool[] _isRemembered;
    private readonly bool[] _taken;
    private LineCount _timeless = LineCount.Timeless;
    private int _unfilled;
    private int _oldestUnfilled;
    private bool _verified;
    private bool _misfit;
    private bool _metOld;
    private long _goneBefore = long.MinValue;
    private bool _began;

    public CountRule(PositionRecord position)
        : base(position)
    {
        _seen = [.. position.Counts.Select(count => count with { Lines = 0, Digest = 0 })];
        _isRemembered = [.. position.Counts.Select(count => count.End - count.Start == 1 && position.Tail.Count(mark => count.Covers(mark.Millisecond)) == count.Lines)];
        _taken = new bool[position.Tail.Length];
        _unfilled = _seen.Length + (position.Timeless.Lines > 0 ? 1 : 0);
        IsDone = _unfilled == 0;
    }

    public override bool IsGuessing => false;

    // Times agree when a millisecond did; with other times, the sequence tells; with nothing left of what was delivered, nothing does.
    public override SeamMode Next => _misfit || _verified || !_metOld ? SeamMode.Match : SeamMode.SearchNear;

    public override bool IsRepeat(LineMark line, ulong hash, out bool last)
    {
        last = false;
        if (line.IsTimeless)
        {
            return Take(ref _timeless, Position.Timeless, line, hash, out last);
        }

        _metOld |= IsOld(line);
        Begin(line.Millisecond);
        IsBroken |= IsTooLateFor(line.Millisecond);
        var place = line.Millisecond < _goneBefore ? 0 : _oldestUnfilled;
        while (place < _seen.Length && _seen[place].End <= line.Millisecond)
        {
            place++;
        }

        if (place == _seen.Length || !_seen[place].Covers(line.Millisecond))
        {
            return false;
        }

        // Where each line of a millisecond is remembered, the source may order them otherwise.
        var mark = _isRemembered[place] ? FindMark(line) : 0;
        var repeats = mark >= 0 && Take(ref _seen[place], Position.Counts[place], line, hash, out last);
        last = _isRemembered[place] ? mark == _taken.Length - 1 : last;
        return repeats;
    }

    // What lies before a source's first line is gone there, and around it some may be: the counts behind them tell, up to those where new lines may be.
    private void Begin(long first)
    {
        if (_began)
        {
            return;
        }

        _began = true;
        if (IsDisordered())
        {
            return;
        }

        foreach (var count in _seen)
        {
            if (count.Start <= first + Jitter && count.End <= Newest - Jitter)
            {
                _goneBefore = count.End;
                _unfilled--;
            }
        }
    }

    // After a clock was set back, what is before in time may come behind.
    private bool IsDisordered()
    {
        var newest = LineMark.Timeless;
        foreach (var mark in Position.Tail)
        {
            if (!mark.IsTimeless && mark.Millisecond + Jitter < newest)
            {
                return true;
            }

            newest = Math.Max(newest, mark.IsTimeless ? newest : mark.Millisecond);
        }

        return false;
    }

    private int FindMark(LineMark line)
    {
        for (var i = 0; i < _taken.Length; i++)
        {
            if (!_taken[i] && Position.Tail[i] == line)
            {
                _taken[i] = true;
                return i;
            }
        }

        return -1;
    }

    private bool Take(ref LineCount seen, in LineCount delivered, LineMark line, ulong hash, out bool last)
    {
        last = false;
        if (seen.Lines == delivered.Lines)
        {
            return false;
        }

        seen.Add(1, hash);
        if (seen.Lines == delivered.Lines && (line.IsTimeless || seen.End > _goneBefore))
        {
            _misfit = !delivered.HasDigest(seen.Digest);
            IsBroken |= _misfit;
            _verified = true;
            last = line.IsTimeless ? Position.Tail[^1].IsTimeless : delivered.Covers(Position.Tail[^1].Millisecond);
            IsDone = --_unfilled == 0;
        }

        return true;
    }

    // Older lines than this one should have come before it, and the first one shows whether anything delivered is left.
    private bool IsTooLateFor(long millisecond)
    {
        while (_oldestUnfilled < _seen.Length && (_seen[_oldestUnfilled].End <= _goneBefore || _seen[_oldestUnfilled].Lines == Position.Counts[_oldestUnfilled].Lines))
        {
            _oldestUnfilled++;
        }

        var oldest = _oldestUnfilled < _seen.Length ? _seen[_oldestUnfilled].End : Newest;
        return _unfilled > 0 && Newest != LineMark.Timeless && (millisecond > oldest + Late || (millisecond > Newest && !_metOld && _timeless.Lines == 0));
    }
}
