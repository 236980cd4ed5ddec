using Google.Cloud.Logging.V2;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Holds the entries that one long text was split into until all of them are there: they may come in any order, and with others between.</summary>
internal sealed class SplitEntries(TimeProvider time)
{
    private const int MostHeldBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Group> _groups = [];
    private long _heldBytes;

    /// <summary>Takes one; returns all in their order when it was the last that was missing.</summary>
    public IReadOnlyList<LogEntry>? Add(LogEntry part)
    {
        var uid = part.Split.Uid;
        if (!_groups.TryGetValue(uid, out var group))
            _groups[uid] = group = new Group([], time.GetUtcNow());

        group.Parts.Add(part);
        _heldBytes += part.CalculateSize();
        return group.Parts.Count >= part.Split.TotalSplits ? Remove(uid, group) : null;
    }

    /// <summary>What there is of one that waited too long, or takes too much; null when there is none.</summary>
    /// <param name="atEnd">Whether nothing more will come.</param>
    public IReadOnlyList<LogEntry>? TakeIncomplete(bool atEnd)
    {
        if (_groups.Count == 0)
            return null;

        var (uid, oldest) = _groups.MinBy(group => group.Value.Since);
        return atEnd || _heldBytes > MostHeldBytes || time.GetUtcNow() - oldest.Since > Patience ? Remove(uid, oldest) : null;
    }

    private List<LogEntry> Remove(string uid, Group group)
    {
        _groups.Remove(uid);
        group.Parts.Sort((one, other) => one.Split.Index.CompareTo(other.Split.Index));
        _heldBytes -= group.Parts.Sum(part => (long)part.CalculateSize());
        return group.Parts;
    }

    private sealed record Group(List<LogEntry> Parts, DateTimeOffset Since);
}
