using Dapper;
using Google.Protobuf;
using RunLogs.Abstractions;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>The records of where attempts ran; an empty org, of a request or of a record, matches any.</summary>
/// <remarks>It takes what the rules have let through. Newest means created last: a replaced record keeps its place.</remarks>
internal sealed class LogContextStore(IContextDatabase database, TimeProvider timeProvider) : ILogContextSource
{
    // A page must fit into one message of a client that takes 4 MiB.
    private const int MaxPageBytes = 3 * 1024 * 1024;
    private const string OfAction = "project = @Project AND domain = @Domain AND run = @Run AND action = @Action";
    private const string OfOrg = "(org = @Org OR org = '' OR @Org = '')";

    /// <summary>Creates the record, or replaces the one of the same org and attempt.</summary>
    public Task PutAsync(LogContextRecord record, CancellationToken cancellationToken)
    {
        const string Sql = """
            INSERT INTO log_contexts (org, project, domain, run, action, attempt, record, created_at, updated_at)
            VALUES (@Org, @Project, @Domain, @Run, @Action, @Attempt, @Record, @Now, @Now)
            ON CONFLICT (project, domain, run, action, attempt, org) DO UPDATE SET record = excluded.record, updated_at = excluded.updated_at
            """;
        var parameters = Parameters(record.ActionId.ToAttempt(record.Attempt));
        parameters.Add("Record", record.ToByteArray());
        parameters.Add("Now", timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        return database.WriteAsync((connection, transaction) => connection.ExecuteAsync(new CommandDefinition(Sql, parameters, transaction, cancellationToken: cancellationToken)), cancellationToken);
    }

    /// <summary>The record of an attempt, or of the latest for attempt 0: the one of that very org before others, then the newest.</summary>
    public async Task<LogContextRecord?> FindAsync(AttemptIdentity attempt, CancellationToken cancellationToken)
    {
        const string Sql = $"""
            SELECT sequence, record FROM log_contexts
            WHERE {OfAction} AND {OfOrg} AND (attempt = @Attempt OR @Attempt = 0)
            ORDER BY attempt DESC, CASE WHEN org = @Org THEN 0 ELSE 1 END, sequence DESC LIMIT 1
            """;
        var row = await database.ReadAsync(
            connection => connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition(Sql, Parameters(attempt), cancellationToken: cancellationToken)), cancellationToken);
        return row is null ? null : Parse(row);
    }

    Task<LogContextRecord?> ILogContextSource.FindAsync(AttemptIdentity attempt, Predicate<LogContextRecord>? isReady, CancellationToken cancellationToken) => FindAsync(attempt, cancellationToken);

    public Task CheckAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT sequence FROM log_contexts LIMIT 1", cancellationToken: cancellationToken)), cancellationToken);

    /// <summary>At most <paramref name="pageSize"/> records, newest first, from below a sequence on; fewer when they are large.</summary>
    public Task<LogContextPage> ListAsync(LogContextFilter filter, int pageSize, long below, CancellationToken cancellationToken)
    {
        var conditions = new[]
        {
            "sequence < @below",
            filter.Org.Length > 0 ? OfOrg : null,
            filter.Project.Length > 0 ? "project = @Project" : null,
            filter.Domain.Length > 0 ? "domain = @Domain" : null,
            filter.Run.Length > 0 ? "run = @Run" : null,
        };
        // The index alone answers the inner query; only the records of the page are read.
        var sql = $"""
            SELECT sequence, record FROM log_contexts
            WHERE sequence IN (SELECT sequence FROM log_contexts WHERE {string.Join(" AND ", conditions.OfType<string>())} ORDER BY sequence DESC LIMIT @limit)
            ORDER BY sequence DESC
            """;
        return database.ReadAsync(
            async connection =>
            {
                var records = new List<LogContextRecord>();
                var (bytes, last) = (0, 0L);
                var rows = connection.QueryUnbufferedAsync<Row>(sql, new { filter.Org, filter.Project, filter.Domain, filter.Run, below, limit = pageSize + 1 });
                await foreach (var row in rows.WithCancellation(cancellationToken))
                {
                    bytes += row.Record.Length;
                    if (records.Count == pageSize || (bytes > MaxPageBytes && records.Count > 0))
                    {
                        return new LogContextPage(records, last);
                    }

                    records.Add(Parse(row));
                    last = row.Sequence;
                }

                return new LogContextPage(records, null);
            },
            cancellationToken);
    }

    /// <summary>Deletes one record: that of the very org, else the only one that matches.</summary>
    /// <exception cref="ContextException">NotFound, or FailedPrecondition when an empty org matches several.</exception>
    public Task DeleteAsync(AttemptIdentity attempt, CancellationToken cancellationToken) => database.WriteAsync(
        async (connection, transaction) =>
        {
            const string Find = $"SELECT org FROM log_contexts WHERE {OfAction} AND {OfOrg} AND attempt = @Attempt ORDER BY org";
            const string Delete = $"DELETE FROM log_contexts WHERE {OfAction} AND org = @Org AND attempt = @Attempt";
            var orgs = (await connection.QueryAsync<string>(new CommandDefinition(Find, Parameters(attempt), transaction, cancellationToken: cancellationToken))).AsList();
            var found = Choose(attempt, orgs);
            var deleted = await connection.ExecuteAsync(new CommandDefinition(Delete, Parameters(found), transaction, cancellationToken: cancellationToken));
            return deleted > 0 ? found : throw Missing(attempt); // another replica was first
        },
        cancellationToken);

    private static AttemptIdentity Choose(AttemptIdentity attempt, List<string> orgs) => orgs switch
    {
        [] => throw Missing(attempt),
        [var only] => attempt with { Org = only },
        _ when attempt.Org.Length > 0 => attempt,
        _ => throw new ContextException(ContextError.FailedPrecondition,
            $"action {attempt} has log contexts of {orgs.Count} orgs: {string.Join(", ", orgs.Take(10).Select(Quoted.Of))}{(orgs.Count > 10 ? ", and more" : "")}. Name the org of the one to delete."),
    };

    private static ContextException Missing(AttemptIdentity attempt) => new(ContextError.NotFound, $"no log context found for action {attempt}");

    private static DynamicParameters Parameters(AttemptIdentity attempt) =>
        new(new { attempt.Org, attempt.Project, attempt.Domain, attempt.Run, attempt.Action, Attempt = (long)attempt.Attempt });

    private static LogContextRecord Parse(Row row)
    {
        try
        {
            return LogContextRecord.Parser.ParseFrom(row.Record);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ContextException(ContextError.Internal, $"Record {row.Sequence} of the context database cannot be read: its bytes are no log context. Put it again.", e);
        }
    }

    private sealed record Row(long Sequence, byte[] Record);
}
