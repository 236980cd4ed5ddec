namespace RunLogs.Host;

/// <summary>Everything the host logs: catalog 100-199, contexts 200-299, tailing and APIs 300-399; numbers are never reused.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 200, EventName = "ContextDatabaseMigrated", Level = LogLevel.Information, Message = "The context database {Path} was migrated by {Script}.")]
    public static partial void ContextDatabaseMigrated(ILogger logger, string path, string script);

    [LoggerMessage(EventId = 201, EventName = "ContextDatabaseFailed", Level = LogLevel.Error, Message = "The context database {Path} cannot be {Verb}.")]
    public static partial void ContextDatabaseFailed(ILogger logger, Exception exception, string path, string verb);
}
