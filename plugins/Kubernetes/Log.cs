using Microsoft.Extensions.Logging;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>What this backend tells an operator.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "LogOpened", Level = LogLevel.Debug, Message = "Opened {Url}")]
    public static partial void Opened(ILogger logger, string url);

    [LoggerMessage(EventId = 2, EventName = "WaitingForStart", Level = LogLevel.Debug, Message = "Container {Container} of pod {Namespace}/{Pod} has not started: {Reason}")]
    public static partial void WaitingForStart(ILogger logger, string @namespace, string pod, string container, string reason);

    [LoggerMessage(EventId = 3, EventName = "InstanceRestarted", Level = LogLevel.Debug, Message = "Container {Container} of pod {Namespace}/{Pod} restarted ({RestartCount}); its next instance is read")]
    public static partial void Restarted(ILogger logger, string @namespace, string pod, string container, int restartCount);
}
