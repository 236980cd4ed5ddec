using RunLogs.Host.Settings;

namespace RunLogs.Host.Contexts;

/// <summary>Which database is RunLogs' own: of the contexts, or of what is recorded beside those of Flyte.</summary>
internal static class OwnDatabase
{
    public static IContextDatabase Open(RunLogsOptions options, TimeProvider time, ILoggerFactory loggers) => PostgresOf(options) is { } location
        ? new PostgresContextDatabase(location, loggers.CreateLogger<PostgresContextDatabase>())
        : new SqliteContextDatabase(SqliteLocation.Of(options), time, loggers.CreateLogger<SqliteContextDatabase>());

    /// <exception cref="ArgumentException">With a sentence that names the setting and repeats no secret of it.</exception>
    public static void Check(RunLogsOptions options)
    {
        if (PostgresOf(options) is null)
        {
            SqliteLocation.Of(options);
        }
    }

    private static PostgresLocation? PostgresOf(RunLogsOptions options) => options.Contexts switch
    {
        { Store: ContextsOptions.Postgres } contexts => PostgresLocation.Of(contexts.ConnectionString, ContextsOptions.ConnectionStringKey),
        { Store: not ContextsOptions.Sqlite, OwnConnectionString.Length: > 0 } contexts => PostgresLocation.Of(contexts.OwnConnectionString, ContextsOptions.OwnConnectionStringKey),
        _ => null,
    };
}
