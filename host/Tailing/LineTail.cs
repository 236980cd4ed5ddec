namespace RunLogs.Host.Tailing;

/// <summary>The hashes of the newest 64 lines, oldest first.</summary>
internal sealed class LineTail
{
    public const int Capacity = 64;

    // Twice the capacity: the older half is dropped by one copy in 64 additions.
    private readonly ulong[] _hashes = new ulong[Capacity * 2];
    private int _end;

    public int Count => Math.Min(_end, Capacity);

    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(_end - Count, Count);

    public void Add(ulong hash)
    {
        if (_end == _hashes.Length)
        {
            _hashes.AsSpan(Capacity).CopyTo(_hashes);
            _end = Capacity;
        }

        _hashes[_end++] = hash;
    }

    public void Clear() => _end = 0;
}
