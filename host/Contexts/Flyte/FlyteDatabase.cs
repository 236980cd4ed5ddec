using Dapper;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Contexts;

/// <summary>The contexts in the database of a Flyte, which is only read.</summary>
internal sealed class FlyteDatabase(IOptions<RunLogsOptions> options, ILogger<FlyteDatabase> logger) : IFlyteSource
{
    private const int MaxRows = 500; // Flyte itself looks at no more
    private const long CacheBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan CacheTime = TimeSpan.FromMinutes(5);

    private readonly PostgresConnections _connections = new(LocationOf(options.Value), logger);
    private readonly MemoryCache _over = new(new MemoryCacheOptions { SizeLimit = CacheBytes });

    /// <exception cref="ArgumentException">With a sentence that names the setting and repeats no secret of it.</exception>
    public static PostgresLocation LocationOf(RunLogsOptions options) => PostgresLocation.Of(options.Contexts.ConnectionString, ContextsOptions.ConnectionStringKey);

    public TimeSpan PollInterval { get; } = TimeSpan.FromSeconds(15); // what is told by notification is heard at once

    public async Task<FlyteAttempt?> FindAsync(AttemptIdentity attempt, CancellationToken cancellationToken)
    {
        var key = attempt with { Org = "" };
        if (_over.TryGetValue(key, out FlyteAttempt? known))
        {
            return known;
        }

        var rows = await ReadAsync(attempt, cancellationToken);
        if (FlyteAttemptRows.Read(attempt, rows) is not { } found)
        {
            return null;
        }

        // Rows of an attempt that is over stay as they are. The latest may not be the latest for long.
        if (attempt.Attempt > 0 && found is { IsOver: true, Record.LogContext: not null })
        {
            _over.Set(key, found, new MemoryCacheEntryOptions { Size = found.Record.CalculateSize(), AbsoluteExpirationRelativeToNow = CacheTime });
        }

        return found;
    }

    public Task CheckAsync(CancellationToken cancellationToken) => _connections.ReadAsync(
        connection => connection.ExecuteScalarAsync<int?>(new CommandDefinition("SELECT attempt FROM action_events LIMIT 1", cancellationToken: cancellationToken)), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _over.Dispose();
        await _connections.DisposeAsync();
    }

    private Task<List<FlyteEventRow>> ReadAsync(AttemptIdentity attempt, CancellationToken cancellationToken)
    {
        const string OfAction = "project = @Project AND domain = @Domain AND run_name = @Run AND name = @Action";
        // Of an attempt with more events than that, the first tells when it began.
        const string Sql = $"""
            WITH latest AS (SELECT max(attempt) AS attempt FROM action_events WHERE {OfAction}),
            events AS NOT MATERIALIZED (
                SELECT attempt, (SELECT attempt FROM latest) AS latest, phase, version, info, created_at AS "CreatedAt" FROM action_events
                WHERE {OfAction} AND attempt = CASE WHEN @Attempt = 0 THEN (SELECT attempt FROM latest) ELSE @Attempt END)
            (SELECT * FROM events ORDER BY phase DESC, version DESC LIMIT @MaxRows) UNION (SELECT * FROM events ORDER BY phase, version LIMIT 1)
            """;
        var parameters = new { attempt.Project, attempt.Domain, attempt.Run, attempt.Action, Attempt = (long)attempt.Attempt, MaxRows };
        return _connections.ReadAsync(
            async connection => (await connection.QueryAsync<FlyteEventRow>(new CommandDefinition(Sql, parameters, cancellationToken: cancellationToken))).AsList(), cancellationToken);
    }
}
