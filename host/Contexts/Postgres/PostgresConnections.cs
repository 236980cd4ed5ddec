using Npgsql;

namespace RunLogs.Host.Contexts;

/// <summary>Connections to one PostgreSQL database; what goes wrong with them becomes sentences.</summary>
internal sealed class PostgresConnections(PostgresLocation location, ILogger logger) : IAsyncDisposable
{
    // Npgsql's own logs may repeat what is secret: it is given no logger.
    private readonly NpgsqlDataSource _connections = NpgsqlDataSource.Create(location.ConnectionString);

    /// <summary>Runs work that may run twice: a connection that the server closed meanwhile is replaced.</summary>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(work, cancellationToken);
        }
        catch (NpgsqlException e) when (IsLost(e))
        {
            // It was idle when the server ended, most likely; a server that is away fails again at once.
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw InWords("read", e);
        }

        return await RunInWordsAsync("read", work, cancellationToken);
    }

    /// <summary>Runs work once.</summary>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken) => RunInWordsAsync("written", work, cancellationToken);

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private async Task<T> RunInWordsAsync<T>(string verb, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(work, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw InWords(verb, e);
        }
    }

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _connections.OpenConnectionAsync(cancellationToken);
            return await work(connection);
        }
        catch (NpgsqlException e) when (IsLost(e))
        {
            // The others in the pool are as old: each would fail once.
            _connections.Clear();
            throw;
        }
    }

    private ContextException InWords(string verb, Exception error)
    {
        logger.ContextDatabaseFailed(error, location.ToString(), verb);
        return new ContextException(ContextError.Unavailable, $"The context database {location.Database} cannot be {verb}: {SentenceOf(error)}", error);
    }

    private string SentenceOf(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused => $"{refused.MessageText}. Grant it to the role that {location.Key} names.",
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } missing => $"{missing.MessageText}. Check the database and the schema that {location.Key} names.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName } refused
            => $"{refused.MessageText}. Correct {location.Key}.",
        PostgresException failed => $"{failed.MessageText} ({failed.SqlState}). Try again.",
        { InnerException: TimeoutException } or TimeoutException => "the server does not answer in time. Try again.",
        _ => $"{(error.InnerException ?? error).Message.TrimEnd('.')}. Try again.",
    };

    // Class 57 is the server ending, class 08 the connection; without a code nothing was said at all.
    private static bool IsLost(NpgsqlException error) => error.InnerException is not TimeoutException
        && (error is not PostgresException { SqlState: var state } || state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal));
}
