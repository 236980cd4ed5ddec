namespace RunLogs.Host.Tailing;

/// <summary>The marks of the newest 64 lines, oldest first.</summary>
internal sealed class LineTail
{
    public const int Capacity = 64;

    // Twice the capacity: the older half is dropped by one copy in 64 additions.
    private readonly LineMark[] _marks = new LineMark[Capacity * 2];
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
        if (_end == _marks.Length)
        {
            _marks.AsSpan(Capacity).CopyTo(_marks);
            _end = Capacity;
        }

        _marks[_end++] = mark;
    }

    public void Clear() => _end = 0;
}
