using System.Globalization;
using System.Text;
using Grpc.Core;
using Npgsql;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Postgres;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Two hosts that share a PostgreSQL are one to their clients.</summary>
public sealed class SharedDatabaseTests
{
    private const string Unavailable = @"^The context database postgres cannot be (read|written): .*[^.]\. Try again\.$";

    [Fact]
    public async Task What_is_put_at_one_is_read_and_deleted_at_the_other()
    {
        await using var shared = await SharedDatabaseRig.StartAsync();
        var pod = shared.Api.AddPod("flyte", "run-a0-0");
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();

        await Rig.PutContextAsync(shared.Hosts[0], "run", pod.Name);
        using var tail = Tail.Open(shared.Hosts[1], "run");
        Assert.Equal("one\n", Assert.Single(await tail.ReadAllAsync()).Message);
        await new Protos.V1.LogContextService.LogContextServiceClient(shared.Hosts[1].Channel).DeleteLogContextAsync(new() { ActionId = Rig.Action("run"), Attempt = 1 });
        using var deleted = Tail.Open(shared.Hosts[0], "run");

        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => deleted.ReadAllAsync())).StatusCode);
        AssertMigratedOnce(shared);
    }

    [Fact]
    public async Task Both_wait_for_a_third_that_is_slow_to_migrate_and_then_one_of_them_does_what_is_left()
    {
        await using var shared = await SharedDatabaseRig.StartWithoutHostsAsync();
        await using (NpgsqlConnection third = await shared.OpenAsync(), beside = await shared.OpenAsync())
        {
            await ExecuteAsync(third, "BEGIN; SELECT pg_advisory_xact_lock(x'52756E4C6F6773'::bigint)");
            var starting = shared.StartHostsAsync(";Command Timeout=1");
            while (await CountAsync(beside, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") < 2)
            {
                Assert.False(starting.IsCompleted, "The hosts started, or could not, while another was at work.");
            }

            await ExecuteAsync(third, "SELECT pg_sleep(3); COMMIT"); // longer than calls of clients wait
            await starting;
        }

        AssertMigratedOnce(shared);
    }

    [Fact]
    public async Task What_a_live_pod_told_one_lets_the_other_find_its_log_when_it_is_gone()
    {
        await using var shared = await SharedDatabaseRig.StartAsync();
        var pod = shared.Api.AddPod("flyte", "run-a0-0");
        pod.Container("main").Append("of the run");
        await Rig.PutContextAsync(shared.Hosts[1], "run", pod.Name);
        using (var live = Tail.Open(shared.Hosts[0], "run"))
        {
            Assert.Equal("of the run\n", (await live.NextAsync()).Message);
            await shared.Hosts[0].WritesAsync($"{pod.Name}/main tells of itself was recorded");
        }

        await shared.WriteFileAsync(pod.Name, pod.Uid, Log("of the run"));
        await shared.WriteFileAsync(pod.Name, $"{Guid.NewGuid()}", Log("of another pod of that name"));
        shared.Api.ForceDeletePod(pod);
        using var archived = Tail.Open(shared.Hosts[1], "run");

        Assert.Equal(["of the run\n"], (await archived.ReadAllAsync()).Select(line => line.Message));
        Assert.DoesNotContain("was recorded", shared.Hosts[1].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_of_one_is_good_at_the_other()
    {
        await using var shared = await SharedDatabaseRig.StartAsync();
        var pod = shared.Api.AddPod("flyte", "run-a0-0");
        await Rig.PutContextAsync(shared.Hosts[0], "run", pod.Name);
        pod.Container("main").Append("one");
        pod.Container("main").Append("two");
        var request = LogServiceTail.Of("run");
        using (var first = LogServiceTail.Open(shared.Hosts[0], request))
        {
            await first.ReadLinesAsync(2);
            request.Cursor = first.Cursor;
        }

        pod.Container("main").Append("three");
        pod.Container("main").Terminate();
        using var second = await LogServiceTail.ReadAsync(shared.Hosts[1], request);

        Assert.Equal(["three"], second.Texts);
    }

    [Fact]
    public async Task A_database_that_is_killed_under_load_costs_no_line_and_no_restart()
    {
        const int Runs = 4;
        await using var shared = await SharedDatabaseRig.StartAsync();
        foreach (var host in shared.Hosts)
        {
            host.ExpectedErrors.AddRange(["RunLogs.Host.Contexts.PostgresContextDatabase", "HealthChecks"]);
        }

        var pods = Enumerable.Range(0, Runs).Select(i => shared.Api.AddPod("flyte", $"run{i}-a0-0")).ToList();
        foreach (var (i, pod) in pods.Index())
        {
            await Rig.PutContextAsync(shared.Hosts[i % 2], $"run{i}", pod.Name);
            pod.Container("main").Append($"line 0");
        }

        var ended = shared.Api.AddPod("flyte", "ended-a0-0");
        ended.Container("main").Append("one");
        ended.Container("main").Terminate();
        await Rig.PutContextAsync(shared.Hosts[0], "ended", ended.Name);
        var tails = shared.Hosts.SelectMany(host => Enumerable.Range(0, Runs).Select(i => Tail.Open(host, $"run{i}", cancellationToken: TestContext.Current.CancellationToken))).ToList();
        foreach (var tail in tails)
        {
            Assert.Equal("line 0\n", (await tail.NextAsync()).Message);
        }

        var reading = Task.WhenAll(tails.Select(tail => tail.ReadAllAsync()));
        List<Load> loads = [.. shared.Hosts.Select(host => Load.Start(4, caller => CallAsync(host, caller)))];
        var lines = 1;
        for (var kill = 0; kill < 2; kill++)
        {
            await Task.WhenAll(loads.Select(load => load.AnsweredAsync()));
            await shared.Server.KillAsync();
            await Task.WhenAll(loads.Select(load => load.RefusedAsync()));
            pods.ForEach(pod => pod.Container("main").Append(string.Create(CultureInfo.InvariantCulture, $"line {lines}")));
            lines++;
            await shared.Server.RunAsync();
        }

        await Task.WhenAll(loads.Select(load => load.AnsweredAsync()));
        await Task.WhenAll(loads.Select(load => load.StopAsync()));
        pods.ForEach(pod => pod.Container("main").Terminate());
        var read = await reading.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.All(read, tail => Assert.Equal(Enumerable.Range(1, lines - 1).Select(i => $"line {i}\n"), tail.Select(line => line.Message)));
        Assert.All(tails, tail => Assert.Equal(StatusCode.OK, tail.GetStatus().StatusCode));
        Assert.All(loads.SelectMany(load => load.Refusals), refusal => Assert.Equal(StatusCode.Unavailable, refusal.StatusCode));
        Assert.All(loads.SelectMany(load => load.Refusals), refusal => Assert.Matches(Unavailable, refusal.Status.Detail));
        Assert.All(shared.Hosts, host => Assert.DoesNotContain(PostgresServer.Password, host.Output, StringComparison.Ordinal));
        tails.ForEach(tail => tail.Dispose());
    }

    // Half of the callers put contexts, half read a log.
    private static async Task CallAsync(HostProcess host, int caller)
    {
        if (caller % 2 == 0)
        {
            await Rig.PutContextAsync(host, $"put{caller}", "put-a0-0");
            return;
        }

        using var tail = Tail.Open(host, "ended", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["one\n"], (await tail.ReadAllAsync()).Select(line => line.Message));
    }

    // Each script by one of them.
    private static void AssertMigratedOnce(SharedDatabaseRig shared)
    {
        var migrated = shared.Hosts.SelectMany(host => host.Output.Split('\n')).Where(line => line.Contains("was migrated by", StringComparison.Ordinal)).ToList();
        Assert.Equal(["0001-log-contexts.sql.", "0002-container-facts.sql.", "0003-container-facts-by-age.sql."], migrated.Select(line => line.Split('/')[^1]).Order(StringComparer.Ordinal));
    }

    private static byte[] Log(string text) => CriLog.Encode([new WrittenLine(LogTimestamp.From(TimeProvider.System.GetUtcNow()), Encoding.UTF8.GetBytes(text))]);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
