namespace RunLogs.Plugins.Files;

/// <summary>The files of one instance in the order in which they were written, kept in step with rotation.</summary>
/// <remarks>
/// Files are opened as soon as they are seen, so that renaming, compressing and deleting take nothing away. The file being
/// written is found again under its rotated name by what it begins with.
/// </remarks>
/// <param name="directory">Where they lie.</param>
/// <param name="instance">The instance's restart count.</param>
/// <param name="mostOpen">How many are opened ahead; more wait under their names.</param>
internal sealed class InstanceFiles(ContainerDirectory directory, int instance, int mostOpen) : IDisposable
{
    // Files change while they are listed; more often than this in one go, they are looked at again later.
    private const int Attempts = 8;

    private readonly List<LogFile> _open = [];
    private string _newestRotation = "";
    private DateTime _listedAt;
    private bool _listAgain = true;

    public IReadOnlyList<LogFile> Open => _open;

    /// <summary>The file being read; null before the first was seen.</summary>
    public LogFile? Current => _open.Count > 0 ? _open[0] : null;

    /// <summary>Whether another file was written after the current one.</summary>
    public bool HasNext => _open.Count > 1;

    /// <summary>Whether the next file is still being written: the runtime may yet put some last lines into this one.</summary>
    public bool IsNextCurrent => HasNext && _open[1].Name.IsCurrent;

    /// <summary>Whether another instance has begun.</summary>
    public int? NextInstance { get; private set; }

    /// <summary>Goes on to the next file.</summary>
    public void MoveNext()
    {
        _open[0].Dispose();
        _open.RemoveAt(0);
    }

    /// <summary>Drops the files before one.</summary>
    public void StartAt(int index)
    {
        for (; index > 0; index--)
            MoveNext();
    }

    /// <summary>Looks for new files, if names changed since; false when a file may have come and gone unread.</summary>
    public bool Refresh()
    {
        // The file system's clock is coarse: what changes in the same tick is seen the next time.
        var changedAt = directory.ChangedAt;
        if (changedAt == _listedAt && !_listAgain)
            return true;

        (_listAgain, _listedAt) = (changedAt != _listedAt, changedAt);
        return Reconcile();
    }

    public void Dispose()
    {
        foreach (var file in _open)
            file.Dispose();

        _open.Clear();
    }

    private bool Reconcile()
    {
        var nothingLost = true;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var listed = directory.List();
            NextInstance = listed.Select(name => name.Instance).Where(n => n > instance).Cast<int?>().Min();

            // 1. The file that was being written may have been rotated.
            if (_open.LastOrDefault() is { Name.IsCurrent: true } current)
            {
                if (FindAgain(current, Unread(listed)) is not { } found)
                    continue;

                nothingLost &= found;
                if (current.Name.IsCurrent)
                    return nothingLost;
            }

            // 2. Files rotated since then.
            foreach (var name in Unread(listed))
            {
                if (_open.Count >= mostOpen)
                {
                    _listAgain = true;
                    return nothingLost;
                }

                nothingLost &= TryOpen(name);
            }

            // 3. The one being written; if another was rotated meanwhile, what was listed is out of date.
            if (!listed.Any(name => name.Instance == instance && name.IsCurrent))
                return nothingLost;

            if (directory.Open(new LogFileName(instance, "", false)) is not { } opened)
                continue;

            if (Unread(directory.List()).Count == 0)
            {
                _open.Add(opened);
                return nothingLost;
            }

            opened.Dispose();
        }

        _listAgain = true;
        return nothingLost;
    }

    // Learns the name the file being written has now; false when it has none any more, null when names changed meanwhile.
    private bool? FindAgain(LogFile current, List<LogFileName> unread)
    {
        var name = unread.Count > 0 ? unread[0] : new LogFileName(instance, "", false);
        using var candidate = directory.Open(name);
        if (candidate is null)
            return name.IsCurrent ? true : null;

        if (current.IsSameAs(candidate))
        {
            current.Name = current.Name with { Rotation = name.Rotation };
            _newestRotation = name.IsCurrent ? _newestRotation : name.Rotation;
            return true;
        }

        if (name.IsCurrent && Unread(directory.List()).Count > 0)
            return null;

        current.Name = current.Name with { Rotation = "deleted" };
        return false;
    }

    private bool TryOpen(LogFileName name)
    {
        _newestRotation = name.Rotation;
        if (directory.Open(name) is not { } opened)
            return false;

        _open.Add(opened);
        return true;
    }

    private List<LogFileName> Unread(IReadOnlyList<LogFileName> listed) =>
        [.. listed.Where(name => name.Instance == instance && !name.IsCurrent && string.CompareOrdinal(name.Rotation, _newestRotation) > 0)];
}
