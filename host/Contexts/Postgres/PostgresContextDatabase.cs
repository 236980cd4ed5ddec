using System.Data.Common;
using Npgsql;

namespace RunLogs.Host.Contexts;

/// <summary>RunLogs' own schema in a PostgreSQL that several replicas share.</summary>
internal sealed class PostgresContextDatabase(PostgresLocation location, ILogger<PostgresContextDatabase> logger) : IContextDatabase, IAsyncDisposable
{
    private readonly PostgresConnections _connections = new(location, logger);

    public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken) => _connections.ReadAsync(work, cancellationToken);

    public Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken) => _connections.WriteAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var result = await work(connection, transaction);
            await transaction.CommitAsync(cancellationToken);
            return result;
        },
        cancellationToken);

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var script in await WriteAsync((connection, transaction) => PostgresMigrations.RunAsync((NpgsqlConnection)connection, transaction, cancellationToken), cancellationToken))
            {
                logger.ContextDatabaseMigrated(location.Database, script);
            }
        }
        catch (ContextException e)
        {
            throw new ContextException(e.Error, $"{e.Message} Its schema could not be brought to this version; it comes from {location.Key}.", e);
        }
    }

    public ValueTask DisposeAsync() => _connections.DisposeAsync();
}
