using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>The directory of one container: the log files of its instances.</summary>
internal sealed class ContainerDirectory(LogRoot root, string path, string podUid, string name)
{
    public string PodUid => podUid;

    /// <summary>The container's name.</summary>
    public string Name => name;

    /// <summary>When names in it last changed; moves with every file that appears, vanishes or is renamed.</summary>
    public DateTime ChangedAt => Directory.GetLastWriteTimeUtc(path);

    /// <summary>Its log files, oldest first; one whose compressed copy is already there counts once, uncompressed.</summary>
    public IReadOnlyList<LogFileName> List()
    {
        try
        {
            List<LogFileName> names = [];
            foreach (var file in Directory.EnumerateFiles(path))
            {
                if (LogFileName.TryParse(Path.GetFileName(file.AsSpan()), out var name) && root.IsInside(file))
                    names.Add(name);
            }

            return [.. names
                .OrderBy(name => name.Instance)
                .ThenBy(name => name.IsCurrent)
                .ThenBy(name => name.Rotation, StringComparer.Ordinal)
                .ThenBy(name => name.Compressed)
                .DistinctBy(name => (name.Instance, name.Rotation))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>The instance to begin with; null when there is none.</summary>
    public int? FirstInstance(TailRequest request)
    {
        var instances = List().Select(name => name.Instance).Distinct().ToArray();
        if (request.Previous)
            return instances.Length > 1 ? instances[^2] : null;

        var asked = request.Instance?.RestartCount;
        return asked is null ? instances.Cast<int?>().LastOrDefault() : instances.Cast<int?>().FirstOrDefault(instance => instance >= asked);
    }

    /// <summary>Opens a file under its name or, when it was compressed meanwhile, under that; null when it is gone.</summary>
    public LogFile? Open(LogFileName name) => TryOpen(name) ?? (name.IsCurrent ? null : TryOpen(name with { Compressed = !name.Compressed }));

    /// <summary>The first and the last time in its files; null where they hold none.</summary>
    public (LogTimestamp? First, LogTimestamp? Last) WrittenBetween()
    {
        var names = List();
        using var oldest = names.Select(Open).FirstOrDefault(file => file is not null);
        using var newest = names.Reverse().Where(name => !name.Compressed).Select(Open).FirstOrDefault(file => file is not null);
        return (oldest is null ? null : LogTimes.First(oldest), newest is null ? null : LogTimes.Last(newest));
    }

    private LogFile? TryOpen(LogFileName name)
    {
        var file = Path.Combine(path, name.ToString());
        try
        {
            return File.Exists(file) && root.IsInside(file) ? new LogFile(file, name) : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
