namespace RunLogs.Host;

/// <summary>Everything the host logs. Numbers are never reused.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 300, EventName = "TailEnded", Level = LogLevel.Information, Message = "Tail of {Namespace}/{Pod}/{Container} ended: {Reason}, {Lines} lines in {Milliseconds} ms")]
    public static partial void TailEnded(this ILogger logger, string? @namespace, string? pod, string? container, string reason, long lines, long milliseconds);

    [LoggerMessage(EventId = 301, EventName = "SourceRetried", Level = LogLevel.Debug, Message = "{Backend} broke off for {Namespace}/{Pod} ({Reason}): tried again in {Milliseconds} ms")]
    public static partial void SourceRetried(this ILogger logger, string backend, string @namespace, string pod, string reason, long milliseconds);

    [LoggerMessage(EventId = 302, EventName = "BackendGivenUp", Level = LogLevel.Warning, Message = "{Backend} was given up for {Namespace}/{Pod} ({Reason}): {Message}")]
    public static partial void BackendGivenUp(this ILogger logger, string backend, string @namespace, string pod, string reason, string message);

    [LoggerMessage(EventId = 303, EventName = "BackendThrew", Level = LogLevel.Error, Message = "{Backend} threw for {Namespace}/{Pod} what no backend should: report it to the plugin's author")]
    public static partial void BackendThrew(this ILogger logger, Exception error, string backend, string @namespace, string pod);

    [LoggerMessage(EventId = 304, EventName = "CallFailed", Level = LogLevel.Error, Message = "The call {Method} failed inside RunLogs")]
    public static partial void CallFailed(this ILogger logger, Exception error, string method);
}
