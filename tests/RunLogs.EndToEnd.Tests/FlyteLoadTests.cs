using System.Globalization;
using Grpc.Core;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Testing.Postgres;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Flyte's database goes away and comes back while many read logs.</summary>
public sealed class FlyteLoadTests
{
    [Fact]
    public async Task A_database_that_is_killed_under_load_costs_no_line_nobody_who_waits_and_no_restart()
    {
        await using var flyte = await FlyteDatabaseRig.StartAsync();
        flyte.Rig.Host.ExpectedErrors.AddRange(["RunLogs.Host.Contexts.FlyteDatabase", "HealthChecks"]);
        var pods = Enumerable.Range(0, 5).Select(i => flyte.Rig.Api.AddPod("flyte", $"run{i}-a0-0")).ToList();
        foreach (var (i, pod) in pods.Index())
        {
            pod.Container("main").Append("line 0");
            await flyte.AddAsync($"run{i}", ActionPhase.Running, pod.Name);
        }

        pods[0].Container("main").Terminate(); // Flyte has not noticed: it is looked up with every call
        await flyte.AddAsync("late", ActionPhase.Queued);
        using var waiting = Tail.Open(flyte.Rig.Host, "late", cancellationToken: TestContext.Current.CancellationToken);
        var tails = Enumerable.Range(1, 4).Select(i => Tail.Open(flyte.Rig.Host, $"run{i}", cancellationToken: TestContext.Current.CancellationToken)).ToList();
        foreach (var tail in tails)
        {
            Assert.Equal("line 0\n", (await tail.NextAsync()).Message);
        }

        var reading = Task.WhenAll(tails.Select(tail => tail.ReadAllAsync()));
        var load = Load.Start(6, async _ =>
        {
            using var tail = Tail.Open(flyte.Rig.Host, "run0", cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(["line 0\n"], (await tail.ReadAllAsync()).Select(line => line.Message));
        });
        for (var kill = 1; kill <= 2; kill++)
        {
            await load.AnsweredAsync();
            await flyte.KillDatabaseAsync();
            await load.RefusedAsync();
            pods[1..].ForEach(pod => pod.Container("main").Append(string.Create(CultureInfo.InvariantCulture, $"line {kill}")));
            await flyte.RestartDatabaseAsync();
        }

        await load.AnsweredAsync();
        await load.StopAsync();
        var late = flyte.Rig.Api.AddPod("flyte", "late-a0-0");
        late.Container("main").Append("at last");
        await flyte.AddAsync("late", ActionPhase.Running, late.Name);
        Assert.Equal("at last\n", (await waiting.NextAsync()).Message);
        pods[1..].Append(late).ToList().ForEach(pod => pod.Container("main").Terminate());

        Assert.All(await reading.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), read => Assert.Equal(["line 1\n", "line 2\n"], read.Select(line => line.Message)));
        Assert.Empty(await waiting.ReadAllAsync());
        Assert.All(tails.Append(waiting), tail => Assert.Equal(StatusCode.OK, tail.GetStatus().StatusCode));
        Assert.All(load.Refusals, refusal => Assert.Equal(StatusCode.Unavailable, refusal.StatusCode));
        Assert.All(load.Refusals, refusal => Assert.Matches(@"^The context database postgres cannot be read: .*[^.]\. Try again\.$", refusal.Status.Detail));
        Assert.DoesNotContain(PostgresServer.Password, flyte.Rig.Host.Output, StringComparison.Ordinal);
        tails.ForEach(tail => tail.Dispose());
        await load.DisposeAsync();
    }
}
