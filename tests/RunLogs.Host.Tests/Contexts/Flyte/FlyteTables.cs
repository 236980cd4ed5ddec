using Dapper;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.Flyte.Workflow;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>Flyte's own table of events, written as Flyte writes it.</summary>
internal sealed class FlyteTables(string connectionString)
{
    /// <summary>When the attempts of the tests begin.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    public async Task CreateAsync()
    {
        await using var connection = Open();
        await connection.ExecuteAsync("""
            CREATE TABLE action_events (
                project text NOT NULL, domain text NOT NULL, run_name text NOT NULL, name text NOT NULL,
                attempt integer NOT NULL, phase integer NOT NULL, version integer NOT NULL,
                info bytea, error_kind text,
                created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (project, domain, run_name, name, attempt, phase, version))
            """);
    }

    /// <summary>One phase of an attempt, some seconds after <see cref="Start"/>.</summary>
    public Task AddAsync(ActionPhase phase, int seconds, LogContext? context = null, uint attempt = 1, uint version = 0, string run = "run1", string cluster = "") => AddAsync(
        new ActionEvent
        {
            Id = Some.Action(org: "", run: run),
            Attempt = attempt,
            Phase = phase,
            Version = version,
            UpdatedTime = Start.AddSeconds(seconds).ToTimestamp(),
            ReportedTime = Start.AddSeconds(seconds + 1).ToTimestamp(),
            LogContext = context,
            Cluster = cluster,
        });

    public async Task AddAsync(ActionEvent message) => await AddAsync(message, [.. message.ToByteArray(), .. Rest]);

    /// <summary>The row of an event with any bytes as its information; Flyte's server tells of it at once.</summary>
    public async Task AddAsync(ActionEvent message, byte[] info)
    {
        await using var connection = Open();
        var id = message.Id.Run;
        await connection.ExecuteAsync(
            """
            INSERT INTO action_events (project, domain, run_name, name, attempt, phase, version, info)
            VALUES (@Project, @Domain, @Run, @Action, @Attempt, @Phase, @Version, @info) ON CONFLICT DO NOTHING;
            """,
            new { id.Project, id.Domain, Run = id.Name, Action = message.Id.Name, Attempt = (int)message.Attempt, Phase = (int)message.Phase, Version = (int)message.Version, info });
        await connection.ExecuteAsync("SELECT pg_notify('action_updates', @payload)", new { payload = $"{id.Project}/{id.Domain}/{id.Name}/{message.Id.Name}" });
    }

    /// <summary>A pod as the executor describes it, with as many containers as its kubelet has told of.</summary>
    public static LogContext Context(string pod = "run1-a0-0", params string[] containers)
    {
        var context = new PodLogContext { Namespace = "flyte", PodName = pod, PrimaryContainerName = "main" };
        context.Containers.AddRange(containers.Select(name => new ContainerContext { ContainerName = name }));
        return new LogContext { PrimaryPodName = pod, Pods = { context } };
    }

    public NpgsqlConnection Open() => new(connectionString + ";Pooling=false");

    // What RunLogs has no use for: a deprecated start, an error, a log link, outputs, events.
    private static byte[] Rest =>
    [
        0x2A, 0x02, 0x08, 0x01, 0x42, 0x06, 0x0A, 0x04, (byte)'b', (byte)'o', (byte)'o', (byte)'m', 0x4A, 0x03, 0x0A, 0x01, (byte)'u',
        0x62, 0x03, 0x0A, 0x01, (byte)'o', 0x68, 0x03, 0x72, 0x03, 0x12, 0x01, (byte)'e',
    ];
}
