namespace RunLogs.EndToEnd.Tests;

/// <summary>A copy of the published plugins that a test may change.</summary>
internal sealed class OwnPlugins : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("runlogs-plugins-");

    public OwnPlugins()
    {
        foreach (var file in Directory.EnumerateFiles(Published, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(Published, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public static string Published { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "published", "plugins");

    public string Path => _directory.FullName;

    /// <summary>Adds an empty folder, and returns its path.</summary>
    public string Add(string folder) => _directory.CreateSubdirectory(folder).FullName;

    /// <summary>Makes a plugin one that was copied again.</summary>
    public void Replace(string plugin)
    {
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(Path, plugin)))
        {
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddMinutes(1));
        }
    }

    public void Remove(string plugin) => Directory.Delete(System.IO.Path.Combine(Path, plugin), recursive: true);

    public void Dispose() => _directory.Delete(recursive: true);
}
