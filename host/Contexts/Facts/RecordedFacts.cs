using Dapper;
using Google.Protobuf;
using RunLogs.Abstractions;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>What live pods told of themselves, kept for the archives that are asked when the pods are gone.</summary>
internal sealed class RecordedFacts(IContextDatabase database, TimeProvider time)
{
    /// <summary>The most that one call of <see cref="PruneAsync"/> removes.</summary>
    public const int MostPruned = 1000;

    /// <summary>How long what was told is kept: longer than the year for which logs are commonly archived.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private const string OfAttempt = "project = @Project AND domain = @Domain AND run = @Run AND action = @Action AND attempt = @Attempt";

    /// <summary>Keeps what is known of an attempt's container; what was known of it before is replaced.</summary>
    public Task PutAsync(ContainerRecord record, CancellationToken cancellationToken)
    {
        const string Sql = """
            INSERT INTO container_facts (project, domain, run, action, attempt, cluster, namespace, pod, container, detail, updated_at)
            VALUES (@Project, @Domain, @Run, @Action, @Attempt, @Cluster, @Namespace, @Pod, @Container, @Detail, @Now)
            ON CONFLICT (project, domain, run, action, attempt, cluster, namespace, pod, container) DO UPDATE SET detail = excluded.detail, updated_at = excluded.updated_at
            """;
        var (attempt, detail) = (record.Attempt, record.Detail);
        var parameters = new
        {
            attempt.Project,
            attempt.Domain,
            attempt.Run,
            attempt.Action,
            Attempt = (long)attempt.Attempt,
            record.Cluster,
            record.Namespace,
            Pod = detail.PodName,
            record.Container,
            Detail = detail.ToByteArray(),
            Now = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        return database.WriteAsync((connection, transaction) => connection.ExecuteAsync(new CommandDefinition(Sql, parameters, transaction, cancellationToken: cancellationToken)), cancellationToken);
    }

    /// <summary>What is known of an attempt's pods on a cluster, by namespace and name.</summary>
    public async Task<IReadOnlyDictionary<(string Namespace, string Pod), PodDetail>> FindAsync(AttemptIdentity attempt, string cluster, CancellationToken cancellationToken)
    {
        const string Sql = $"SELECT namespace, detail FROM container_facts WHERE {OfAttempt} AND cluster = @cluster ORDER BY updated_at DESC";
        var parameters = new { attempt.Project, attempt.Domain, attempt.Run, attempt.Action, Attempt = (long)attempt.Attempt, cluster };
        var rows = await database.ReadAsync(connection => connection.QueryAsync<Row>(new CommandDefinition(Sql, parameters, cancellationToken: cancellationToken)), cancellationToken);
        var pods = new Dictionary<(string, string), PodDetail>();
        foreach (var (container, key) in rows.Select(row => (PodDetail.Parser.ParseFrom(row.Detail), row.Namespace)).Select(row => (row.Item1, (row.Namespace, row.Item1.PodName))))
        {
            if (pods.TryAdd(key, container) || pods[key].Uid != container.Uid)
            {
                continue; // the newest, or of a pod of the same name before it
            }

            foreach (var (name, id) in container.ContainerIds)
            {
                pods[key].ContainerIds.TryAdd(name, id);
            }
        }

        return pods;
    }

    /// <summary>Removes what was told last before <see cref="Kept"/>, the oldest first, and returns of how many containers it was.</summary>
    public Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        // What is told anew meanwhile is looked at again, and stays.
        const string Key = "project, domain, run, action, attempt, cluster, namespace, pod, container";
        const string Sql = $"""
            DELETE FROM container_facts WHERE updated_at < @before
            AND ({Key}) IN (SELECT {Key} FROM container_facts WHERE updated_at < @before ORDER BY updated_at LIMIT @MostPruned)
            """;
        var parameters = new { before = (time.GetUtcNow() - Kept).ToUnixTimeMilliseconds(), MostPruned };
        return database.WriteAsync((connection, transaction) => connection.ExecuteAsync(new CommandDefinition(Sql, parameters, transaction, cancellationToken: cancellationToken)), cancellationToken);
    }

    private sealed record Row(string Namespace, byte[] Detail);
}
