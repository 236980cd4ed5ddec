using System.Text;
using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.V1;
using RunLogs.Testing;
using RunLogs.Testing.Postgres;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What users of a Flyte see whose log calls are routed to RunLogs.</summary>
public sealed class BesideFlyteTests
{
    [Fact]
    public async Task A_tail_that_was_opened_before_the_pod_stays_alive_and_begins_with_it()
    {
        await using var flyte = await FlyteDatabaseRig.StartAsync("RunLogs:Heartbeat=00:00:00.3");
        await flyte.AddAsync("run1", ActionPhase.Queued);
        using var call = Tail.Open(flyte.Rig.Host, "run1", cancellationToken: TestContext.Current.CancellationToken);

        // A heartbeat, while nothing is known of a pod.
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Empty(call.ResponseStream.Current.Logs);
        var pod = flyte.Rig.Api.AddPod("flyte", "run1-a0-0");
        pod.Container("main").Append("one");
        await flyte.AddAsync("run1", ActionPhase.Running, pod.Name);

        Assert.Equal("one\n", (await call.NextAsync()).Message);
        pod.Container("main").Append("two");
        Assert.Equal("two\n", (await call.NextAsync()).Message);
        pod.Container("main").Terminate();
        Assert.Empty(await call.ReadAllAsync());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task The_five_tries_of_the_SDK_find_a_run_that_begins_meanwhile()
    {
        await using var flyte = await FlyteDatabaseRig.StartAsync();
        var pod = flyte.Rig.Api.AddPod("flyte", "run1-a0-0");
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        var codes = new List<StatusCode>();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var call = Tail.Open(flyte.Rig.Host, "run1");
            try
            {
                Assert.Equal("one\n", Assert.Single(await call.ReadAllAsync()).Message);
                codes.Add(StatusCode.OK);
                break;
            }
            catch (RpcException refused)
            {
                codes.Add(refused.StatusCode);
                if (attempt == 2)
                {
                    await flyte.AddAsync("run1", ActionPhase.Running, pod.Name);
                }
            }
        }

        Assert.Equal([StatusCode.NotFound, StatusCode.NotFound, StatusCode.NotFound, StatusCode.OK], codes);
    }

    [Fact]
    public async Task An_aborted_run_whose_pod_is_gone_is_read_from_the_place_its_pod_told_of()
    {
        await using var flyte = await FlyteDatabaseRig.StartAsync("Logging:LogLevel:RunLogs.Host.Contexts.FactsRecorder=Debug");
        var pod = flyte.Rig.Api.AddPod("flyte", "run1-a0-0");
        pod.Container("main").Append("live");
        await flyte.AddAsync("run1", ActionPhase.Running, pod.Name);
        using (var live = Tail.Open(flyte.Rig.Host, "run1"))
        {
            Assert.Equal("live\n", (await live.NextAsync()).Message);
            await flyte.Rig.Host.WritesAsync($"{pod.Name}/main tells of itself was recorded");
            await WriteFileAsync(flyte.Rig, pod.Name, pod.Uid, "of the run");
            await WriteFileAsync(flyte.Rig, pod.Name, $"{Guid.NewGuid()}", "of another pod of that name");
        }

        flyte.Rig.Api.ForceDeletePod(pod);
        await flyte.AddAsync("run1", ActionPhase.Aborted);
        using var archived = Tail.Open(flyte.Rig.Host, "run1");

        Assert.Equal(["of the run\n"], (await archived.ReadAllAsync()).Select(line => line.Message));
        Assert.Equal(StatusCode.OK, archived.GetStatus().StatusCode);
    }

    [Fact]
    public async Task While_the_database_is_away_open_tails_go_on_and_new_ones_are_told()
    {
        await using var flyte = await FlyteDatabaseRig.StartAsync();
        flyte.Rig.Host.ExpectedErrors.AddRange(["RunLogs.Host.Contexts.FlyteDatabase", "HealthChecks"]);
        var pod = flyte.Rig.Api.AddPod("flyte", "run1-a0-0");
        pod.Container("main").Append("one");
        await flyte.AddAsync("run1", ActionPhase.Running, pod.Name);
        using var open = Tail.Open(flyte.Rig.Host, "run1");
        Assert.Equal("one\n", (await open.NextAsync()).Message);

        await flyte.KillDatabaseAsync();
        pod.Container("main").Append("two");
        Assert.Equal("two\n", (await open.NextAsync()).Message);
        using var refused = Tail.Open(flyte.Rig.Host, "run1");
        var failure = await Assert.ThrowsAsync<RpcException>(() => refused.ReadAllAsync());
        using var ready = await flyte.Rig.Host.Http.GetAsync("/readyz", TestContext.Current.CancellationToken);
        await flyte.RestartDatabaseAsync();
        pod.Container("main").Terminate();
        Assert.Empty(await open.ReadAllAsync());
        using var again = Tail.Open(flyte.Rig.Host, "run1");

        Assert.Equal(["one\n", "two\n"], (await again.ReadAllAsync()).Select(line => line.Message));
        Assert.Equal((StatusCode.Unavailable, "The context database postgres cannot be read: Connection refused. Try again."), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.DoesNotContain(PostgresServer.Password, flyte.Rig.Host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, await flyte.Rig.Host.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contexts_are_not_put_where_they_come_from_Flyte()
    {
        await using var flyte = await FlyteDatabaseRig.StartAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => new LogContextService.LogContextServiceClient(flyte.Rig.Host.Channel).ListLogContextsAsync(new ListLogContextsRequest()).ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
    }

    private static Task WriteFileAsync(Rig rig, string pod, string uid, string text)
    {
        var directory = Directory.CreateDirectory(Path.Combine(rig.FilesRoot, $"flyte_{pod}_{uid}", "main"));
        return File.WriteAllBytesAsync(Path.Combine(directory.FullName, "0.log"), CriLog.Encode([new WrittenLine(LogTimestamp.From(TimeProvider.System.GetUtcNow()), Encoding.UTF8.GetBytes(text))]));
    }
}
