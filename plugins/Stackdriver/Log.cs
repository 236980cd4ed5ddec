using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>What the Stackdriver backend logs.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "TailBegins", Level = LogLevel.Debug, Message = "Tail of {Namespace}/{Pod} container {Container} begins in project {Project}")]
    public static partial void TailBegins(this ILogger logger, string @namespace, string pod, string container, string project);

    [LoggerMessage(EventId = 2, EventName = "TailEnds", Level = LogLevel.Debug, Message = "Tail of {Namespace}/{Pod} container {Container} ends: {End}")]
    public static partial void TailEnds(this ILogger logger, string @namespace, string pod, string container, TailEnd end);
}
