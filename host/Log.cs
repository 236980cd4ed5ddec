using RunLogs.Host.Plugins;

namespace RunLogs.Host;

/// <summary>What the host logs; a number is never used for another event.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, EventName = "BackendActive", Level = LogLevel.Information,
        Message = "Backend {Backend} {Version} is active on cluster {Cluster}.")]
    public static partial void BackendActive(ILogger logger, string backend, string cluster, Version version);

    [LoggerMessage(EventId = 101, EventName = "BackendDisabled", Level = LogLevel.Information,
        Message = "Backend {Backend} is disabled on cluster {Cluster}: {Reason}")]
    public static partial void BackendDisabled(ILogger logger, string backend, string cluster, string reason);

    [LoggerMessage(EventId = 102, EventName = "BackendRefused", Level = LogLevel.Warning,
        Message = "Backend {Backend} is {State} on cluster {Cluster}: {Reason}")]
    public static partial void BackendRefused(ILogger logger, string backend, string cluster, BackendState state, string reason, Exception? exception);

    [LoggerMessage(EventId = 103, EventName = "PluginDirectoryUnreadable", Level = LogLevel.Warning,
        Message = "No plugin is loaded: {Key} is {Directory}, which cannot be read.")]
    public static partial void DirectoryUnreadable(ILogger logger, string key, string directory, Exception exception);

    [LoggerMessage(EventId = 104, EventName = "NoSuchPlugin", Level = LogLevel.Warning,
        Message = "{Key} names the backend {Backend}, which no plugin in {Directory} offers.")]
    public static partial void NoSuchPlugin(ILogger logger, string key, string backend, string directory);

    [LoggerMessage(EventId = 105, EventName = "StreamerNotDisposed", Level = LogLevel.Warning,
        Message = "A streamer of {Backend} could not be disposed.")]
    public static partial void StreamerNotDisposed(ILogger logger, string backend, Exception exception);

    [LoggerMessage(EventId = 106, EventName = "TailsLeftOpen", Level = LogLevel.Warning,
        Message = "The host stops with {Tails} tails still open.")]
    public static partial void TailsLeftOpen(ILogger logger, int tails);

    [LoggerMessage(EventId = 107, EventName = "PluginRefused", Level = LogLevel.Warning,
        Message = "Plugin {Plugin} is {State}: {Reason}")]
    public static partial void PluginRefused(ILogger logger, string plugin, BackendState state, string reason, Exception? exception);
}
