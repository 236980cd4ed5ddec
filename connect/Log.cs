using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace RunLogs.Connect;

/// <summary>What the Connect protocol logs.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "ConnectRefused", Level = LogLevel.Debug, Message = "Connect call of {Method} refused: {Reason}")]
    public static partial void Refused(ILogger logger, string method, string reason);

    [LoggerMessage(EventId = 2, EventName = "ConnectEnded", Level = LogLevel.Debug, Message = "Connect call of {Method} in {Codec} ended with {Status}")]
    public static partial void Ended(ILogger logger, string method, string codec, StatusCode status);

    [LoggerMessage(EventId = 3, EventName = "ConnectUnwritable", Level = LogLevel.Error, Message = "The answer of {Method} could not be written as {Codec}")]
    public static partial void Unwritable(ILogger logger, string method, string codec, Exception fault);
}
