namespace RunLogs.Host.Tailing;

/// <summary>The marks of the newest 64 lines, oldest first.</summary>
internal sealed class LineTail
{
    public const int Capacity = 64;

    private const int Least = 8;

    // As many as a log has that says little, and at most twice the capacity: the older half is dropped by one copy in 64 additions.
    private LineMark[] _marks = [];
    private int _end;

    public int Count => Math.Min(_end, Capacity);

    public ReadOnlySpan<LineMark> Marks => _marks.AsSpan(_end - Count, Count);

    /// <summary>Whether a line of a later millisecond is among them.</summary>
    public bool HasAfter(long millisecond)
    {
        foreach (var mark in Marks)
        {
            if (mark.Millisecond > millisecond)
            {
                return true;
            }
        }

        return false;
    }

    public void Add(LineMark mark)
    {
        if (_end == Capacity * 2)
        {
            _marks.AsSpan(Capacity).CopyTo(_marks);
            _end = Capacity;
        }
        else if (_end == _marks.Length)
        {
            Array.Resize(ref _marks, Math.Max(_end * 2, Least));
        }

        _marks[_end++] = mark;
    }

    public void Clear() => _end = 0;
}
