using Microsoft.Extensions.Configuration;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>The Files backend: an archive that is a directory of log files, laid out and written as a kubelet does it.</summary>
public sealed class FilesPlugin : ILogStreamerPlugin
{
    private static readonly string[] Known = ["Enabled", "Root"];

    public string Name => "Files";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context)
    {
        var key = $"{context.Configuration.Path}:Root";
        var root = context.Configuration["Root"];

        // A misspelt setting would leave the backend Disabled without a word.
        var faults = context.Configuration.AsEnumerable(makePathsRelative: true)
            .Where(setting => setting.Value is not null && !Known.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
            .Select(setting => $"{context.Configuration.Path}:{setting.Key} is not a setting of the Files backend, which has {string.Join(", ", Known)}.")
            .Order(StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (string.IsNullOrEmpty(root) && faults.Count == 0)
            throw new BackendDisabledException($"Set {key} to the directory that holds the log files, such as /var/log/pods.");

        // Like every directory of the host's settings, it may be relative to the host's own folder.
        var directory = Path.GetFullPath(root ?? "", AppContext.BaseDirectory);
        if (!Directory.Exists(directory))
            faults.Insert(0, $"{key} is '{root}', which is not a directory that exists.");

        if (faults.Count > 0)
            throw new BackendConfigurationException(faults);

        return new FileLogStreamer(new LogRoot(directory, key), context);
    }
}
