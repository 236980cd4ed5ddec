using RunLogs.Abstractions;
using RunLogs.Host.Plugins;

namespace RunLogs.Host;

/// <summary>Everything the host logs: catalog 100-199, contexts 200-299, tailing and APIs 300-399, the process 400-499; numbers are never reused.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, EventName = "BackendActive", Level = LogLevel.Information,
        Message = "Backend {Backend} {Version} is active on cluster {Cluster}.")]
    public static partial void BackendActive(this ILogger logger, string backend, string cluster, Version version);

    [LoggerMessage(EventId = 101, EventName = "BackendDisabled", Level = LogLevel.Information,
        Message = "Backend {Backend} is disabled on cluster {Cluster}: {Reason}")]
    public static partial void BackendDisabled(this ILogger logger, string backend, string cluster, string reason);

    [LoggerMessage(EventId = 102, EventName = "BackendRefused", Level = LogLevel.Warning,
        Message = "Backend {Backend} is {State} on cluster {Cluster}: {Reason}")]
    public static partial void BackendRefused(this ILogger logger, string backend, string cluster, BackendState state, string reason, Exception? exception);

    [LoggerMessage(EventId = 103, EventName = "PluginDirectoryUnreadable", Level = LogLevel.Warning,
        Message = "No plugin is loaded or replaced: {Key} is {Directory}, which cannot be read.")]
    public static partial void DirectoryUnreadable(this ILogger logger, string key, string directory, Exception exception);

    [LoggerMessage(EventId = 104, EventName = "NoSuchPlugin", Level = LogLevel.Warning,
        Message = "{Key} names the backend {Backend}, which no plugin in {Directory} offers.")]
    public static partial void NoSuchPlugin(this ILogger logger, string key, string backend, string directory);

    [LoggerMessage(EventId = 105, EventName = "StreamerNotDisposed", Level = LogLevel.Warning,
        Message = "A streamer of {Backend} could not be disposed.")]
    public static partial void StreamerNotDisposed(this ILogger logger, string backend, Exception exception);

    [LoggerMessage(EventId = 106, EventName = "TailsLeftOpen", Level = LogLevel.Warning,
        Message = "The host stops with {Tails} tails still open.")]
    public static partial void TailsLeftOpen(this ILogger logger, int tails);

    [LoggerMessage(EventId = 107, EventName = "PluginRefused", Level = LogLevel.Warning,
        Message = "Plugin {Plugin} is {State}: {Reason}")]
    public static partial void PluginRefused(this ILogger logger, string plugin, BackendState state, string reason, Exception? exception);

    [LoggerMessage(EventId = 108, EventName = "PluginKept", Level = LogLevel.Warning,
        Message = "Generation {Generation} of {Backend} stays in service: what was to replace it was refused. {Reason}")]
    public static partial void PluginKept(this ILogger logger, string backend, ulong generation, string reason);

    [LoggerMessage(EventId = 109, EventName = "GenerationDrains", Level = LogLevel.Information,
        Message = "Generation {Generation} of {Backend} drains: {Tails} tails are open on it.")]
    public static partial void GenerationDrains(this ILogger logger, ulong generation, string backend, int tails);

    [LoggerMessage(EventId = 110, EventName = "GenerationUnloaded", Level = LogLevel.Information,
        Message = "Generation {Generation} of {Backend} is unloaded.")]
    public static partial void GenerationUnloaded(this ILogger logger, ulong generation, string backend);

    [LoggerMessage(EventId = 111, EventName = "GenerationNotUnloaded", Level = LogLevel.Warning,
        Message = "Generation {Generation} of {Backend} has ended and is still in memory: the plugin left something running or registered. Tell its author; a restart of the host frees the memory.")]
    public static partial void GenerationNotUnloaded(this ILogger logger, ulong generation, string backend);

    [LoggerMessage(EventId = 112, EventName = "CancellationThrew", Level = LogLevel.Warning,
        Message = "{Backend} threw when its tails were asked to leave.")]
    public static partial void CancellationThrew(this ILogger logger, string backend, Exception exception);

    [LoggerMessage(EventId = 113, EventName = "LookFailed", Level = LogLevel.Error,
        Message = "The plugin directory {Directory} could not be looked at; the plugins stay as they are.")]
    public static partial void LookFailed(this ILogger logger, string directory, Exception exception);

    [LoggerMessage(EventId = 200, EventName = "ContextDatabaseMigrated", Level = LogLevel.Information, Message = "The context database {Path} was migrated by {Script}.")]
    public static partial void ContextDatabaseMigrated(this ILogger logger, string path, string script);

    [LoggerMessage(EventId = 201, EventName = "ContextDatabaseFailed", Level = LogLevel.Error, Message = "The context database {Path} cannot be {Verb}.")]
    public static partial void ContextDatabaseFailed(this ILogger logger, Exception exception, string path, string verb);

    [LoggerMessage(EventId = 202, EventName = "FlyteHeard", Level = LogLevel.Information, Message = "Updates of actions are heard from {Database} on {Server}.")]
    public static partial void FlyteHeard(this ILogger logger, string database, string server);

    [LoggerMessage(EventId = 203, EventName = "FlyteNotHeard", Level = LogLevel.Warning,
        Message = "Updates of actions are not heard from {Database} on {Server}, which is tried again in {Seconds} s; until then those who wait for a pod look every 15 s.")]
    public static partial void FlyteNotHeard(this ILogger logger, Exception exception, string database, string server, long seconds);

    [LoggerMessage(EventId = 204, EventName = "FactsRecorded", Level = LogLevel.Debug, Message = "What {Namespace}/{Pod}/{Container} tells of itself was recorded.")]
    public static partial void FactsRecorded(this ILogger logger, string @namespace, string pod, string container);

    [LoggerMessage(EventId = 205, EventName = "FactsNotRecorded", Level = LogLevel.Warning,
        Message = "What {Namespace}/{Pod}/{Container} tells of itself was not recorded: archives may not find its log later. {Reason}")]
    public static partial void FactsNotRecorded(this ILogger logger, string @namespace, string pod, string container, string reason);

    [LoggerMessage(EventId = 206, EventName = "FactsNotRead", Level = LogLevel.Warning, Message = "Archives are asked for {Attempt} without what was recorded of its pods: {Reason}")]
    public static partial void FactsNotRead(this ILogger logger, string attempt, string reason);

    [LoggerMessage(EventId = 207, EventName = "FlyteCallFailed", Level = LogLevel.Error, Message = "Flyte's RunService cannot be asked ({Method}): {Why}")]
    public static partial void FlyteCallFailed(this ILogger logger, Exception? exception, string method, string why);

    [LoggerMessage(EventId = 208, EventName = "PodAwaited", Level = LogLevel.Debug, Message = "{Attempt} is waited for: it has no pod with its containers yet.")]
    public static partial void PodAwaited(this ILogger logger, AttemptIdentity attempt);

    [LoggerMessage(EventId = 209, EventName = "FactsPruned", Level = LogLevel.Debug, Message = "What {Count} containers told of themselves long ago was removed.")]
    public static partial void FactsPruned(this ILogger logger, int count);

    [LoggerMessage(EventId = 210, EventName = "FactsNotPruned", Level = LogLevel.Warning, Message = "What containers told of themselves long ago was not removed, which is tried again tomorrow. {Reason}")]
    public static partial void FactsNotPruned(this ILogger logger, string reason);

    [LoggerMessage(EventId = 300, EventName = "TailEnded", Level = LogLevel.Information, Message = "Tail of {Subject} ended: {Reason}, {Lines} lines in {Milliseconds} ms. {Detail}")]
    public static partial void TailEnded(this ILogger logger, string subject, string reason, long lines, long milliseconds, string detail);

    [LoggerMessage(EventId = 301, EventName = "SourceRetried", Level = LogLevel.Debug, Message = "{Backend} broke off for {Namespace}/{Pod} ({Reason}): tried again in {Milliseconds} ms")]
    public static partial void SourceRetried(this ILogger logger, string backend, string @namespace, string pod, string reason, long milliseconds);

    [LoggerMessage(EventId = 302, EventName = "BackendGivenUp", Level = LogLevel.Warning, Message = "{Backend} was given up for {Namespace}/{Pod} ({Reason}): {Message}")]
    public static partial void BackendGivenUp(this ILogger logger, string backend, string @namespace, string pod, string reason, string message);

    [LoggerMessage(EventId = 303, EventName = "BackendThrew", Level = LogLevel.Error, Message = "{Backend} threw for {Namespace}/{Pod} what no backend should: report it to the plugin's author")]
    public static partial void BackendThrew(this ILogger logger, Exception error, string backend, string @namespace, string pod);

    [LoggerMessage(EventId = 304, EventName = "CallFailed", Level = LogLevel.Error, Message = "The call {Method} failed inside RunLogs")]
    public static partial void CallFailed(this ILogger logger, Exception error, string method);

    [LoggerMessage(EventId = 400, EventName = "FailureUnobserved", Level = LogLevel.Error, Message = "Something failed in the background and nobody took notice: report it, to a plugin's author if the trace names the plugin")]
    public static partial void FailureUnobserved(this ILogger logger, Exception exception);
}
