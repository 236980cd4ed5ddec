namespace RunLogs.Host.Tailing;

/// <summary>A line is a repeat when one of its text was delivered near its time, or when it is older than those remembered; else it is sent, rather twice than never.</summary>
internal sealed class MatchRule : SeamRule
{
    private readonly bool[] _taken;
    private readonly long[] _others;
    private readonly long _oldest;
    private readonly long _since;
    private int _left;
    private bool _found;

    public MatchRule(PositionRecord position)
        : base(position)
    {
        _since = position.Newest.IsNone ? long.MinValue : position.SinceSecond * 1000;
        _taken = [.. position.Tail.Select(mark => !mark.IsTimeless && mark.Millisecond < _since)];
        _left = _taken.Count(taken => !taken);
        _oldest = position.Tail.Where(mark => !mark.IsTimeless).Select(mark => mark.Millisecond).DefaultIfEmpty(long.MinValue).Min();
        _others = [.. position.Counts.Select(OthersOf)];
        IsDone = _left == 0;
    }

    public override bool IsGuessing => false;

    public override SeamMode Next => SeamMode.Match;

    public override bool IsRepeat(LineMark line, ulong hash, out bool last)
    {
        last = false;
        if (!line.IsTimeless && Newest != LineMark.Timeless && line.Millisecond > Newest + Apart)
        {
            IsDone = true;
            Doubt = !_found ? SeamDoubt.LinesLost : _left > 0 ? SeamDoubt.Inexact : Doubt;
            return false;
        }

        if (Closest(line) is >= 0 and var place)
        {
            _taken[place] = _found = true;
            last = place == _taken.Length - 1;
            IsDone = --_left == 0 && Array.TrueForAll(_others, left => left == 0);
            return true;
        }

        if (!line.IsTimeless && (line.Millisecond < _since || (!Position.IsCounted && line.Millisecond < _oldest - Apart) || IsCounted(line.Millisecond)))
        {
            return _found = true;
        }

        Doubt = !_found ? SeamDoubt.LinesLost : line.IsTimeless || line.Millisecond <= Newest ? SeamDoubt.Inexact : Doubt;
        return false;
    }

    // Of a span's lines, those that are not remembered one by one; within one millisecond nothing tells which they are.
    private long OthersOf(LineCount count)
    {
        var remembered = Position.Tail.Count(mark => count.Covers(mark.Millisecond));
        return remembered > 0 && count.End - count.Start == 1 ? 0 : Math.Max(0, count.Lines - remembered);
    }

    private bool IsCounted(long millisecond)
    {
        var place = Array.FindIndex(Position.Counts, count => count.Covers(millisecond));
        return place >= 0 && _others[place]-- > 0;
    }

    private int Closest(LineMark line)
    {
        var (best, distance) = (-1, long.MaxValue);
        for (var i = 0; i < _taken.Length; i++)
        {
            var mark = Position.Tail[i];
            var apart = mark.IsTimeless || line.IsTimeless ? 0 : Math.Abs(mark.Millisecond - line.Millisecond);
            if (!_taken[i] && mark.Hash == line.Hash && apart <= Apart && apart < distance)
            {
                (best, distance) = (i, apart);
            }
        }

        return best;
    }
}
