namespace RunLogs.Plugins.Files;

/// <summary>The directory that holds the pods' log directories; nothing outside of it is ever opened.</summary>
/// <param name="path">The configured directory; may itself be reached through symbolic links.</param>
/// <param name="key">The full key of the setting it comes from.</param>
internal sealed class LogRoot(string path, string key)
{
    private readonly string _path = RealPath(Path.GetFullPath(path));

    /// <summary>The full key of the setting.</summary>
    public string Key => key;

    public bool Exists => Directory.Exists(_path);

    /// <summary>The directories of the pods of one name, whatever their UIDs; the name was checked before.</summary>
    public IEnumerable<string> PodDirectories(string @namespace, string pod) =>
        Exists ? Directory.EnumerateDirectories(_path, $"{@namespace}_{pod}_*").Where(IsInside) : [];

    /// <summary>The directory of one pod; null when there is none.</summary>
    public string? PodDirectory(string @namespace, string pod, string uid)
    {
        var directory = Path.Combine(_path, $"{@namespace}_{pod}_{uid}");
        return Directory.Exists(directory) && IsInside(directory) ? directory : null;
    }

    /// <summary>Whether an existing path still lies below the root when every symbolic link is followed.</summary>
    public bool IsInside(string path) => Resolve(path) is not null;

    /// <summary>An existing path with every symbolic link followed; null when it leads out of the root.</summary>
    public string? Resolve(string path) => RealPath(path) is var real && real.StartsWith(_path.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? real : null;

    private static string RealPath(string path, int linksLeft = 40)
    {
        var real = Path.GetPathRoot(path)!;
        var names = path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < names.Length; i++)
        {
            var next = Path.Combine(real, names[i]);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (linksLeft == 0)
                throw new IOException("Symbolic links go round in circles.");

            return RealPath(Path.GetFullPath(Path.Combine([target, .. names[(i + 1)..]]), real), linksLeft - 1);
        }

        return real;
    }
}
