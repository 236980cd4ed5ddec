using Grpc.Core;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;
using TailLogsRequest = RunLogs.Protos.Flyte.Dataproxy.TailLogsRequest;

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
    public async Task Pod_selectors_choose_the_primary_pod_the_one_named_or_all()
    {
        var (run, first) = await rig.AddRunAsync();
        first.Container("main").Append("of the first");
        first.Container("main").Terminate();
        var second = rig.Api.AddPod("flyte", $"{run}-worker-1");
        second.Container("main").Append("of the second");
        second.Container("main").Terminate();
        var record = Contexts.Record(Rig.Action(run));
        var pods = new[] { first.Name, second.Name }.Select(name => new PodLogContext { Namespace = "flyte", PodName = name, PrimaryContainerName = "main", Containers = { new ContainerContext { ContainerName = "main" } } });
        record.LogContext = new LogContext { PrimaryPodName = first.Name, Pods = { pods } };
        await new LogContextService.LogContextServiceClient(rig.Host.Channel).PutLogContextAsync(new PutLogContextRequest { Record = record });

        foreach (var request in new TailLogsRequest[] { new(), new() { PrimaryPod = true }, new() { AllPods = false }, new() { PodName = "" }, new() { ConnectorEndpoint = "" }, new() { PodName = first.Name } })
        {
            var line = Assert.Single(await TailAsync(run, request));
            Assert.Equal(("of the first\n", "", first.Name), (line.Line.Message, line.Line.ShortPodName, line.Pod));
        }

        var named = Assert.Single(await TailAsync(run, new TailLogsRequest { PodName = second.Name }));
        Assert.Equal(("of the second\n", "", second.Name), (named.Line.Message, named.Line.ShortPodName, named.Pod));
        var all = await TailAsync(run, new TailLogsRequest { AllPods = true, ConnectorEndpoint = "" });
        Assert.Equal(
            [("of the first\n", first.Name[^5..], first.Name), ("of the second\n", "ker-1", second.Name)],
            all.Select(one => (one.Line.Message, one.Line.ShortPodName, one.Pod)).Order());
        var missing = await Assert.ThrowsAsync<RpcException>(() => TailAsync(run, new TailLogsRequest { PodName = "another" }));
        Assert.Equal((StatusCode.NotFound, "pod \"another\" not found in log context"), (missing.StatusCode, missing.Status.Detail));
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

    private async Task<List<(LogLine Line, string Pod)>> TailAsync(string run, TailLogsRequest request)
    {
        (request.ActionId, request.Attempt) = (Rig.Action(run), 1);
        using var call = Client.TailLogs(request, cancellationToken: TestContext.Current.CancellationToken);
        var lines = new List<(LogLine, string)>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            lines.AddRange(response.Logs.SelectMany(log => log.Lines.Select(line => (line, log.Container.KubernetesPodName))));
        }

        return lines;
    }
}
