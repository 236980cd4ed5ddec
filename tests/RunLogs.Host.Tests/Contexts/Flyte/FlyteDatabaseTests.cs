using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.Flyte.Workflow;
using RunLogs.Testing.Postgres;

namespace RunLogs.Host.Tests.Contexts;

[Collection(nameof(PostgresCollection))]
public sealed class FlyteDatabaseTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly TemporaryDirectory _directory = new();
    private string _database = "";
    private FlyteTables _flyte = null!;
    private ContextsHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        _flyte = new FlyteTables(_database);
        await _flyte.CreateAsync();
        _host = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task A_running_attempt_is_found_with_its_start_and_without_an_end()
    {
        await _flyte.AddAsync(ActionPhase.Queued, 0);
        await _flyte.AddAsync(ActionPhase.Initializing, 10, FlyteTables.Context());
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main", "sidecar"), cluster: "east");

        var log = await FindAsync();

        Assert.Equal(("east", "flyte", "run1-a0-0", "main"), (log.Cluster, log.Namespace, log.Pod, log.Container));
        Assert.Equal((At(0), null), (log.ContainerStart, log.EndedAt));
        Assert.Equal("acme/shop/development/run1/a0 attempt 1", log.Attempt!.ToString());
    }

    [Fact]
    public async Task A_finished_attempt_ends_when_its_terminal_event_happened()
    {
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main"));
        await _flyte.AddAsync(ActionPhase.Succeeded, 90, FlyteTables.Context("run1-a0-0", "main"));

        Assert.Equal((At(20), At(90)), (await FindAsync() is var log ? log.ContainerStart : null, log.EndedAt));
    }

    [Fact]
    public async Task An_abort_without_a_context_keeps_the_log_of_the_pod_that_ran()
    {
        await _flyte.AddAsync(ActionPhase.Initializing, 10, FlyteTables.Context("run1-a0-0", "early"));
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main"));
        await _flyte.AddAsync(ActionPhase.Aborted, 50);

        var log = await FindAsync();

        Assert.Equal(("run1-a0-0", "main"), (log.Pod, log.Container));
        Assert.Equal(At(50), log.EndedAt);
    }

    [Fact]
    public async Task A_collected_attempt_ended_when_it_did_and_not_when_it_was_collected()
    {
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main"));
        await _flyte.AddAsync(ActionPhase.Failed, 60, FlyteTables.Context("run1-a0-0", "main"));
        await _flyte.AddAsync(ActionPhase.Aborted, 3700);

        var log = await FindAsync();

        Assert.Equal(("main", At(60)), (log.Container, log.EndedAt));
    }

    [Fact]
    public async Task The_newest_context_counts_whatever_the_number_of_its_phase()
    {
        await _flyte.AddAsync(ActionPhase.Paused, 10, FlyteTables.Context("paused", "main"));
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("older", "main"), version: 1);
        await _flyte.AddAsync(ActionPhase.Running, 30, FlyteTables.Context("newer", "main"), version: 2);

        Assert.Equal("newer", (await FindAsync()).Pod);
    }

    [Fact]
    public async Task Events_without_times_are_in_the_order_of_their_phases_and_versions()
    {
        foreach (var (phase, version, pod) in new[] { (ActionPhase.Running, 2u, "third"), (ActionPhase.Initializing, 9u, "first"), (ActionPhase.Running, 1u, "second") })
        {
            var message = new ActionEvent { Id = Some.Action(), Attempt = 1, Phase = phase, Version = version, LogContext = FlyteTables.Context(pod, "main") };
            await _flyte.AddAsync(message);
        }

        await using (var connection = _flyte.Open())
        {
            await Dapper.SqlMapper.ExecuteAsync(connection, "UPDATE action_events SET created_at = '2026-11-20T08:00:05Z'");
        }

        var log = await FindAsync();

        Assert.Equal(("third", At(5)), (log.Pod, log.ContainerStart));
    }

    [Fact]
    public async Task An_attempt_of_very_many_events_began_with_the_first_and_its_newest_counts()
    {
        await _flyte.AddAsync(ActionPhase.Queued, 0);
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("older", "main"));
        await using (var connection = _flyte.Open())
        {
            await Dapper.SqlMapper.ExecuteAsync(connection, """
                INSERT INTO action_events (project, domain, run_name, name, attempt, phase, version, info)
                SELECT project, domain, run_name, name, attempt, phase, more, info FROM action_events, generate_series(1, 700) more WHERE phase = 4
                """);
        }

        await _flyte.AddAsync(ActionPhase.Running, 900, FlyteTables.Context("newer", "main"), version: 701);

        Assert.Equal(("newer", At(0)), (await FindAsync() is var log ? log.Pod : null, log.ContainerStart));
    }

    [Fact]
    public async Task Each_attempt_of_a_retried_action_has_its_own_pod_and_zero_is_the_latest()
    {
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main"));
        await _flyte.AddAsync(ActionPhase.Queued, 40, attempt: 2);
        await _flyte.AddAsync(ActionPhase.Running, 60, FlyteTables.Context("run1-a0-1", "main"), attempt: 2);

        var (first, second, latest) = (await FindAsync(1), await FindAsync(2), await FindAsync(0));

        Assert.Equal(("run1-a0-0", "run1-a0-1", "run1-a0-1"), (first.Pod, second.Pod, latest.Pod));
        Assert.Equal((1u, 2u, 2u), (first.Attempt!.Attempt, second.Attempt!.Attempt, latest.Attempt!.Attempt));
        Assert.Null(first.EndedAt);
    }

    [Fact]
    public async Task An_attempt_without_any_row_is_not_found_at_once_although_it_is_followed()
    {
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main"), run: "other");

        await AssertNotFoundAsync("no event found for action acme/shop/development/run1/a0 attempt 1");
        await _flyte.AddAsync(ActionPhase.Queued, 0);
        await AssertNotFoundAsync("no event found for action acme/shop/development/run1/a0 attempt 2", attempt: 2);
    }

    [Fact]
    public async Task An_attempt_that_was_over_before_it_had_a_pod_has_no_log_and_nobody_waits_for_one()
    {
        await _flyte.AddAsync(ActionPhase.Queued, 0);
        await _flyte.AddAsync(ActionPhase.Aborted, 5);

        await AssertNotFoundAsync("no log context found for action acme/shop/development/run1/a0 attempt 1");
    }

    [Fact]
    public async Task Nobody_waits_for_the_pod_of_an_attempt_after_which_there_is_another()
    {
        await _flyte.AddAsync(ActionPhase.Queued, 0);
        await _flyte.AddAsync(ActionPhase.Queued, 5, attempt: 2);

        await AssertNotFoundAsync("no log context found for action acme/shop/development/run1/a0 attempt 1");
    }

    [Fact]
    public async Task Who_does_not_follow_does_not_wait()
    {
        await _flyte.AddAsync(ActionPhase.Queued, 0);

        await AssertNotFoundAsync("no log context found for action acme/shop/development/run1/a0 attempt 1", follow: FollowMode.Never);
    }

    [Fact]
    public async Task A_follow_waits_until_the_pod_and_its_containers_are_told_of()
    {
        await _host.RunAsync();
        await _host.Logs.WaitForAsync("FlyteHeard");
        await _flyte.AddAsync(ActionPhase.Queued, 0);
        var finding = FindAsync();
        await _host.Logs.WaitForAsync("PodAwaited");

        await _flyte.AddAsync(ActionPhase.WaitingForResources, 5);
        await _flyte.AddAsync(ActionPhase.Initializing, 10, FlyteTables.Context());
        Assert.False(finding.IsCompleted);
        await _flyte.AddAsync(ActionPhase.Initializing, 15, FlyteTables.Context("run1-a0-0", "main"), version: 1);

        // Sooner than it would be looked at without a notification.
        var log = await finding.WaitAsync(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken);
        Assert.Equal(("run1-a0-0", "main"), (log.Pod, log.Container));
    }

    [Fact]
    public async Task A_follow_waits_no_longer_than_it_is_set_to()
    {
        await _host.DisposeAsync();
        _host = await StartAsync(options => options.Contexts.WaitForStart = TimeSpan.FromMilliseconds(300));
        await _flyte.AddAsync(ActionPhase.Queued, 0);

        var e = await Assert.ThrowsAsync<ContextException>(() => FindAsync());

        Assert.Equal(
            (ContextError.FailedPrecondition, "action acme/shop/development/run1/a0 attempt 1 has got no pod with its containers within 0.3 s: ask again when it runs"), (e.Error, e.Message));
    }

    [Fact]
    public async Task A_connectors_attempt_is_not_waited_for()
    {
        await _flyte.AddAsync(ActionPhase.Running, 0, new LogContext { Connector = new ConnectorLogContext { Endpoint = "dns:///spark" } });

        await AssertNotFoundAsync("no log context found for action acme/shop/development/run1/a0 attempt 1");
    }

    [Fact]
    public async Task Unreadable_rows_are_passed_over_and_told_of_when_there_are_no_others()
    {
        await _flyte.AddAsync(new ActionEvent { Id = Some.Action(), Attempt = 1, Phase = ActionPhase.Failed }, [0x0A, 0xFF]);
        var e = await Assert.ThrowsAsync<ContextException>(() => FindAsync());
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main"));

        Assert.Equal((ContextError.Internal, "failed to deserialize event: none of the 1 rows of action acme/shop/development/run1/a0 attempt 1 is an ActionEvent"), (e.Error, e.Message));
        Assert.Equal("run1-a0-0", (await FindAsync()).Pod);
    }

    [Fact]
    public async Task What_is_over_is_asked_for_once()
    {
        await _flyte.AddAsync(ActionPhase.Succeeded, 90, FlyteTables.Context("run1-a0-0", "main"));
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run2-a0-0", "main"), run: "run2");
        await FindAsync();
        await FindAsync(run: "run2");
        await using (var connection = _flyte.Open())
        {
            await Dapper.SqlMapper.ExecuteAsync(connection, "DELETE FROM action_events");
        }

        Assert.Equal("run1-a0-0", (await FindAsync()).Pod);
        await Assert.ThrowsAsync<ContextException>(() => FindAsync(run: "run2"));
        await Assert.ThrowsAsync<ContextException>(() => FindAsync(attempt: 0));
    }

    [Fact]
    public async Task A_role_that_may_only_read_the_events_is_enough()
    {
        await using (var connection = _flyte.Open())
        {
            await Dapper.SqlMapper.ExecuteAsync(connection, $"CREATE ROLE reader_{connection.Database} LOGIN PASSWORD '{PostgresServer.Password}'; GRANT SELECT ON action_events TO reader_{connection.Database}");
        }

        var reader = new Npgsql.NpgsqlConnectionStringBuilder(_database);
        reader.Username = $"reader_{reader.Database}";
        _database = reader.ConnectionString;
        await _host.DisposeAsync();
        _host = await StartAsync();
        await _host.RunAsync();
        await _flyte.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main"));

        Assert.Equal("run1-a0-0", (await FindAsync()).Pod);
        await _host.Logs.WaitForAsync("FlyteHeard");
    }

    private static LogTimestamp At(int seconds) => LogTimestamp.From(FlyteTables.Start.AddSeconds(seconds));

    private async Task AssertNotFoundAsync(string message, uint attempt = 1, FollowMode follow = FollowMode.Auto)
    {
        var e = await Assert.ThrowsAsync<ContextException>(() => FindAsync(attempt, follow).WaitAsync(TimeSpan.FromSeconds(12)));
        Assert.Equal((ContextError.NotFound, message), (e.Error, e.Message));
    }

    private async Task<TailRequest> FindAsync(uint attempt = 1, FollowMode follow = FollowMode.Auto, string run = "run1") =>
        (await _host.Get<AttemptContexts>().FindAsync(Some.Action(run: run), attempt, ContainerSelection.Primary, follow, TestContext.Current.CancellationToken).WaitAsync(Limit)).Logs[0];

    private Task<ContextsHost> StartAsync(Action<RunLogsOptions>? configure = null) => ContextsHost.StartAsync(
        _directory.Path,
        options =>
        {
            (options.Contexts.Store, options.Contexts.ConnectionString) = (ContextsOptions.FlyteDatabase, _database);
            configure?.Invoke(options);
        });
}
