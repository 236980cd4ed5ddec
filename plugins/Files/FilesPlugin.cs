using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>The Files backend: an archive that is a directory of log files, laid out and written as a kubelet does it.</summary>
public sealed class FilesPlugin : ILogStreamerPlugin
{
    public string Name => "Files";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context)
    {
        var key = $"{context.Configuration.Path}:Root";
        var root = context.Configuration["Root"];
        if (string.IsNullOrEmpty(root))
            throw new BackendDisabledException($"Set {key} to the directory that holds the log files, such as /var/log/pods.");

        // Like every directory of the host's settings, it may be relative to the host's own folder.
        var directory = Path.GetFullPath(root, AppContext.BaseDirectory);
        if (!Directory.Exists(directory))
            throw new BackendConfigurationException([$"{key} is '{root}', which is not a directory that exists."]);

        return new FileLogStreamer(new LogRoot(directory, key), context);
    }
}
