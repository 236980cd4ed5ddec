using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.Flyte.Workflow;
using RunLogs.Testing.Postgres;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A Flyte as far as RunLogs sees it: its PostgreSQL and its cluster; and a host beside it.</summary>
internal sealed class FlyteDatabaseRig : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly NpgsqlDataSource _database;

    private FlyteDatabaseRig(PostgresServer server) => (_server, _database) = (server, NpgsqlDataSource.Create(server.ConnectionString()));

    public Rig Rig { get; private set; } = null!;

    /// <summary>Of the database's administrator.</summary>
    public string ConnectionString => _server.ConnectionString();

    public static async Task<FlyteDatabaseRig> StartAsync(params string[] settings)
    {
        PostgresServer.Require();
        var rig = new FlyteDatabaseRig(await PostgresServer.StartAsync());
        try
        {
            await rig.PrepareAsync(settings);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    private async Task PrepareAsync(string[] settings)
    {
        await ExecuteAsync("""
            CREATE TABLE action_events (
                project text NOT NULL, domain text NOT NULL, run_name text NOT NULL, name text NOT NULL,
                attempt integer NOT NULL, phase integer NOT NULL, version integer NOT NULL,
                info bytea, error_kind text,
                created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (project, domain, run_name, name, attempt, phase, version))
            """);
        Rig = await Rig.StartAsync(["RunLogs:Contexts:Store=FlyteDatabase", $"RunLogs__Contexts__ConnectionString={_server.ConnectionString()}", .. settings]);
        Expect(Rig.Host);
    }

    /// <summary>Another host beside the same Flyte.</summary>
    public async Task<HostProcess> StartHostAsync(params string[] settings)
    {
        var host = await Rig.StartHostAsync(settings);
        Expect(host);
        return host;
    }

    /// <summary>An event of an attempt, as Flyte's executor records it.</summary>
    public Task AddAsync(string run, ActionPhase phase, string? pod = null, uint attempt = 1) => AddAsync(run, phase, pod is null ? [] : [pod], attempt);

    /// <summary>An event of an attempt of several pods, the first of which is the primary one.</summary>
    public async Task AddAsync(string run, ActionPhase phase, string[] pods, uint attempt = 1)
    {
        var action = Rig.Action(run);
        var message = new ActionEvent { Id = action, Attempt = attempt, Phase = phase, UpdatedTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()), ReportedTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()) };
        if (pods.Length > 0)
        {
            var contexts = pods.Select(pod => new PodLogContext { Namespace = "flyte", PodName = pod, PrimaryContainerName = "main", Containers = { new ContainerContext { ContainerName = "main" } } });
            message.LogContext = new LogContext { PrimaryPodName = pods[0], Pods = { contexts } };
        }

        await ExecuteAsync(
            "INSERT INTO action_events (project, domain, run_name, name, attempt, phase, version, info) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
            action.Run.Project, action.Run.Domain, run, action.Name, (int)attempt, (int)phase, message.ToByteArray());
        await ExecuteAsync("SELECT pg_notify('action_updates', $1)", $"{action.Run.Project}/{action.Run.Domain}/{run}/{action.Name}");
    }

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = _database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public Task KillDatabaseAsync() => _server.KillAsync();

    public async Task RestartDatabaseAsync()
    {
        _database.Clear();
        await _server.RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // A host that left something behind makes its test fail; the server ends all the same.
        try
        {
            await (Rig?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        finally
        {
            await _database.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    private void Expect(HostProcess host)
    {
        host.PooledPorts.Add(_server.Port);
        host.KeptTimers = 2; // of the pool, and of the connection that listens
    }
}
