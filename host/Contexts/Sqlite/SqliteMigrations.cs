using Dapper;
using DbUp;
using Microsoft.Data.Sqlite;

namespace RunLogs.Host.Contexts;

/// <summary>Brings a file of SQLite to this version's schema, once, before the host serves.</summary>
internal sealed class SqliteMigrations(SqliteLocation location, ILogger logger)
{
    private const string ScriptPrefix = "Contexts/Migrations/";

    /// <exception cref="ContextException">With a sentence for the operator: the host must not start.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await PrepareFileAsync(cancellationToken);
        var result = DeployChanges.To.SqliteDatabase(location.ConnectionString)
            .WithScriptsEmbeddedInAssembly(typeof(SqliteMigrations).Assembly, name => name.StartsWith(ScriptPrefix, StringComparison.Ordinal))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            var script = result.ErrorScript?.Name is { } name ? $"script {name[ScriptPrefix.Length..]}" : "its scripts could not be run";
            throw new ContextException(ContextError.Unavailable,
                $"The context database {location.Path} cannot be migrated: {script}: {result.Error.Message} Restore the file from a copy, or name another with {location.Key}.", result.Error);
        }

        foreach (var script in result.Scripts)
        {
            Log.ContextDatabaseMigrated(logger, location.Path, script.Name);
        }
    }

    // 1. its directory, 2. the file, 3. the right to write it: an unused lock shows that without changing anything.
    private async Task PrepareFileAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(location.Path)!);
            var connectionString = new SqliteConnectionStringBuilder(location.ConnectionString) { Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false };
            await using var connection = new SqliteConnection(connectionString.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition("PRAGMA journal_mode = WAL", cancellationToken: cancellationToken));
            await using var writeLock = connection.BeginTransaction(deferred: false);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new ContextException(ContextError.Unavailable,
                $"The context database {location.Path} cannot be written: {e.Message} Set {location.Key} to a place that the host may write to.", e);
        }
    }
}
