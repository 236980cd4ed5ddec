using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>What the CloudWatch backend logs.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "TailBegins", Level = LogLevel.Debug, Message = "Tail of {Namespace}/{Pod} container {Container} begins in {Group}")]
    public static partial void TailBegins(this ILogger logger, string @namespace, string pod, string container, string group);

    [LoggerMessage(EventId = 2, EventName = "TailEnds", Level = LogLevel.Debug, Message = "Tail of {Namespace}/{Pod} container {Container} ends: {End}")]
    public static partial void TailEnds(this ILogger logger, string @namespace, string pod, string container, TailEnd end);
}
