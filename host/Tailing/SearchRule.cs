namespace RunLogs.Host.Tailing;

/// <summary>All lines are repeats until the newest delivered ones were met in their sequence, at their time or near it.</summary>
internal sealed class SearchRule(PositionRecord position, bool near) : SeamRule(position)
{
    private readonly uint[] _searched = [.. position.Tail.Select(mark => mark.Hash)];
    private readonly uint[] _seen = new uint[LineTail.Capacity * 2];
    private int _end;
    private bool _metOld;

    public override bool IsGuessing => true;

    public override SeamMode Next => near || !_metOld ? SeamMode.Match : SeamMode.SearchNear;

    public override bool IsRepeat(LineMark line, ulong hash, out bool last)
    {
        if (_end == _seen.Length)
        {
            _seen.AsSpan(LineTail.Capacity).CopyTo(_seen);
            _end = LineTail.Capacity;
        }

        _seen[_end++] = line.Hash;
        _metOld |= IsOld(line);
        last = IsDone = _end >= _searched.Length && _seen.AsSpan(_end - _searched.Length, _searched.Length).SequenceEqual(_searched) && IsInTime(line);
        Doubt = IsDone && near ? SeamDoubt.Inexact : SeamDoubt.None;
        IsBroken = !IsDone && Newest != LineMark.Timeless && (line.Millisecond > Newest + (near ? Apart : Late) || !_metOld);
        return true;
    }

    private bool IsInTime(LineMark line)
    {
        var place = Position.Tail[^1].Millisecond;
        return line.IsTimeless || place == LineMark.Timeless || line.IsWithin(near ? Apart : 0, place);
    }
}
