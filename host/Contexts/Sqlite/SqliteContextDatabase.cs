using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace RunLogs.Host.Contexts;

/// <summary>The embedded database, a file of SQLite.</summary>
internal sealed class SqliteContextDatabase(SqliteLocation location, TimeProvider time, ILogger<SqliteContextDatabase> logger) : IContextDatabase, IDisposable
{
    private readonly SqliteWriters _writers = new(location, time);

    public SqliteLocation Location => location;

    public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken) => RunAsync("read", work, cancellationToken);

    public Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken) => _writers.WriteAsync(
        () => RunAsync(
            "written",
            async connection =>
            {
                await using var transaction = connection.BeginTransaction(deferred: false);
                var result = await work(connection, transaction);
                await transaction.CommitAsync(cancellationToken);
                return result;
            },
            cancellationToken),
        cancellationToken);

    public Task MigrateAsync(CancellationToken cancellationToken) => new SqliteMigrations(location, logger).RunAsync(cancellationToken);

    public void Dispose()
    {
        using var connection = new SqliteConnection(location.ConnectionString);
        SqliteConnection.ClearPool(connection);
        _writers.Dispose();
    }

    private async Task<T> RunAsync<T>(string verb, Func<SqliteConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new SqliteConnection(location.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition($"PRAGMA busy_timeout = {location.Patience.TotalMilliseconds}", cancellationToken: cancellationToken));
            return await work(connection);
        }
        catch (SqliteException e)
        {
            Log.ContextDatabaseFailed(logger, e, location.Path, verb);
            throw new ContextException(ContextError.Unavailable, $"The context database {Path.GetFileName(location.Path)} cannot be {verb}: {e.Message}", e);
        }
    }
}
