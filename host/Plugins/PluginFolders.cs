namespace RunLogs.Host.Plugins;

/// <summary>Follows the folders of the plugin directory: loads what is new, replaces what changed, gives up what is gone.</summary>
internal sealed class PluginFolders(PluginDirectory directory, PluginActivator activator, ILogger<PluginFolders> logger)
{
    private readonly Lock _looking = new();
    private readonly SortedDictionary<string, PluginFolder> _folders = new(StringComparer.Ordinal);
    private IReadOnlyList<Backend> _backends = [];

    /// <summary>What the folders offer.</summary>
    public IReadOnlyList<Backend> Backends => Volatile.Read(ref _backends);

    /// <summary>Loads what changed and has settled, or whatever changed when <paramref name="atOnce"/>; returns what no longer serves, with the reason.</summary>
    public IReadOnlyList<Backend> Look(bool atOnce)
    {
        lock (_looking)
        {
            // A directory that cannot be read says nothing of what is in it.
            if (directory.Read() is not { } there)
            {
                return [];
            }

            foreach (var path in there.Keys)
            {
                _folders.TryAdd(path, new PluginFolder(path));
            }

            var retired = new List<Backend>();

            // Those that are gone come first: their names are free for the others.
            foreach (var folder in _folders.Values.OrderBy(folder => there.ContainsKey(folder.Path)).ToList())
            {
                retired.AddRange(Update(folder, there.GetValueOrDefault(folder.Path), atOnce));
            }

            Volatile.Write(ref _backends, [.. _folders.Values.SelectMany(folder => folder.Current.Backends)]);
            return retired;
        }
    }

    private IEnumerable<Backend> Update(PluginFolder folder, string? fingerprint, bool atOnce)
    {
        var due = folder.IsDue(fingerprint, atOnce);
        if (fingerprint is not null)
        {
            return due || (folder.IsBlocked && !HoldersExcept(folder).ContainsKey(folder.Current.Name!)) ? Load(folder, fingerprint) : [];
        }

        if (!due && folder.Loaded is not null)
        {
            return [];
        }

        _folders.Remove(folder.Path);
        return Retired(folder.Current, $"The folder of plugin {folder.Name} is gone");
    }

    private IEnumerable<Backend> Load(PluginFolder folder, string fingerprint)
    {
        var (old, next) = (folder.Current, activator.Activate(folder.Path, HoldersExcept(folder)));
        folder.Loaded = fingerprint;
        var lost = old.Serving.FirstOrDefault(was => next.StateOn(was.Cluster) != BackendState.Active);
        if (lost is null)
        {
            folder.Current = next;
            return Retired(old, next.Serving.FirstOrDefault() is { } serves ? $"Generation {serves.Generation!.Number} took its place" : "A new version took its place");
        }

        // It would serve less than what it came to replace.
        var reason = next.Backends.First(backend => backend.Cluster == lost.Cluster).Reason;
        Log.PluginKept(logger, lost.Name, lost.Generation!.Number, reason);
        folder.Current = old with
        {
            Backends = [.. old.Backends.Select(was => was with { Reason = $"A newer version was refused: {(was.Cluster == lost.Cluster ? "" : $"on cluster {lost.Cluster}, ")}{reason}" })],
        };
        return Retired(next, "It was refused on another cluster");
    }

    private static IEnumerable<Backend> Retired(PluginActivation old, string why) =>
        old.Serving.Select(backend => backend with { State = BackendState.Draining, Reason = $"{why}: it serves the tails that it has until RunLogs:Plugins:DrainLimit." });

    private Dictionary<string, string> HoldersExcept(PluginFolder folder) => _folders.Values
        .Where(other => other != folder && other.Current.HasName)
        .ToDictionary(other => other.Current.Name!, other => other.Name, StringComparer.OrdinalIgnoreCase);
}
