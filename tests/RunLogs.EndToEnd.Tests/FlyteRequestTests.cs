using Grpc.Core;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What the fields of Flyte's request mean.</summary>
public sealed class FlyteRequestTests(Rig rig) : IClassFixture<Rig>
{
    private DataProxyService.DataProxyServiceClient Client => new(rig.Host.Channel);

    [Fact]
    public async Task A_connector_endpoint_is_FailedPrecondition()
    {
        var (run, _) = await rig.AddRunAsync();
        using var call = Client.TailLogs(new TailLogsRequest { ActionId = Rig.Action(run), Attempt = 1, ConnectorEndpoint = "http://connector" }, cancellationToken: TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ReadAllAsync());

        Assert.Equal(
            (StatusCode.FailedPrecondition, "RunLogs reads the logs of pods, not of connectors: leave connector_endpoint empty."), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task Any_pod_selector_means_the_primary_pod()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        foreach (var request in new TailLogsRequest[] { new(), new() { PrimaryPod = true }, new() { AllPods = true }, new() { PodName = "another" }, new() { ConnectorEndpoint = "" } })
        {
            (request.ActionId, request.Attempt) = (Rig.Action(run), 1);

            using var call = Client.TailLogs(request, cancellationToken: TestContext.Current.CancellationToken);

            Assert.Equal("one\n", Assert.Single(await call.ReadAllAsync()).Message);
        }
    }

    [Fact]
    public async Task Attempt_0_is_the_latest()
    {
        var (run, first) = await rig.AddRunAsync();
        first.Container("main").Append("first");
        first.Container("main").Terminate();
        var third = rig.Api.AddPod("flyte", $"{run}-a0-2");
        third.Container("main").Append("third");
        third.Container("main").Terminate();
        await rig.PutContextAsync(run, third.Name, attempt: 3);

        using var latest = Tail.Open(rig.Host, run, attempt: 0);
        using var named = Tail.Open(rig.Host, run, attempt: 1);
        using var missing = Tail.Open(rig.Host, run, attempt: 2);

        Assert.Equal("third\n", Assert.Single(await latest.ReadAllAsync()).Message);
        Assert.Equal("first\n", Assert.Single(await named.ReadAllAsync()).Message);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => missing.ReadAllAsync())).StatusCode);
    }

    [Fact]
    public async Task An_org_matches_a_record_of_any_and_a_request_for_any()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        var (any, other) = (Rig.Action(run), Rig.Action(run));
        (any.Run.Org, other.Run.Org) = ("", "another");

        using var found = Client.TailLogs(new TailLogsRequest { ActionId = any, Attempt = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        using var hidden = Client.TailLogs(new TailLogsRequest { ActionId = other, Attempt = 1 }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Single(await found.ReadAllAsync());
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => hidden.ReadAllAsync())).StatusCode);
    }

    [Fact]
    public async Task A_clients_deadline_ends_a_silent_tail_and_its_upstream()
    {
        var (run, pod) = await rig.AddRunAsync();
        using var call = Client.TailLogs(
            new TailLogsRequest { ActionId = Rig.Action(run), Attempt = 1 }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(8), cancellationToken: TestContext.Current.CancellationToken);

        var reading = Assert.ThrowsAsync<RpcException>(() => call.ReadAllAsync());
        await rig.Api.StreamsOpenAsync(1);

        Assert.Equal(StatusCode.DeadlineExceeded, (await reading).StatusCode);
        await rig.Api.Streams.Single(stream => stream.Pod == pod).ClosedByClient.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }
}
