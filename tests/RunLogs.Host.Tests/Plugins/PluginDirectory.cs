namespace RunLogs.Host.Tests.Plugins;

/// <summary>A plugin directory of its own for one test, filled from the separately compiled plugins.</summary>
internal sealed class PluginDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("runlogs-plugins-").FullName;

    public static string Compiled(string plugin) => System.IO.Path.Combine(AppContext.BaseDirectory, "TestPlugins", plugin);

    /// <summary>Copies a compiled plugin into a folder, which by default bears its name.</summary>
    public string Add(string plugin, string? folder = null)
    {
        var target = AddEmpty(folder ?? plugin);
        foreach (var file in Directory.GetFiles(Compiled(plugin)))
        {
            File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)));
        }

        return target;
    }

    /// <summary>Makes a folder's files look newer than they did.</summary>
    public static void Touch(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
        {
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(1));
        }
    }

    public string AddEmpty(string folder) => Directory.CreateDirectory(System.IO.Path.Combine(Path, folder)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
