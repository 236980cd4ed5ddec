using Grpc.Core;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What happens to nodes and API servers while a client follows: it gets every line once.</summary>
public sealed class NodeFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<string> _received = [];
    private Rig _rig = null!;

    private FakeKubernetesApi Api => _rig.Api;

    public async ValueTask InitializeAsync() => _rig = await Rig.StartAsync("RunLogs:Backends:Kubernetes:HeaderTimeout=00:00:01", "RunLogs:Retry:BeforeFirstLine=00:01:00");

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task The_kubelets_limit_of_4_hours_is_not_seen()
    {
        var (run, pod) = await _rig.AddRunAsync();
        using var call = Tail.Open(_rig.Host, run);
        for (var stream = 0; stream < 3; stream++)
        {
            pod.Container("main").Append($"of stream {stream}");
            await ReceivedAsync(call, stream + 1);
            Api.EndStreamsAtOnce();
        }

        pod.Container("main").Append("the last one");
        pod.Container("main").Terminate();

        await EndsWithAsync(call, "of stream 0", "of stream 1", "of stream 2", "the last one");
    }

    [Fact]
    public async Task A_hung_kubelet_is_asked_again_until_it_answers()
    {
        var (run, pod) = await _rig.AddRunAsync();
        pod.Container("main").Append("written before");
        Api.Kubelet = FakeKubelet.Hung;
        using var call = Tail.Open(_rig.Host, run);
        await Api.LogRequestsAsync(2).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Api.Kubelet = FakeKubelet.Running;
        await ReceivedAsync(call, 1);
        pod.Container("main").Terminate();

        await EndsWithAsync(call, "written before");
    }

    [Fact]
    public async Task A_kubelet_that_hangs_while_it_is_followed_only_delays()
    {
        var (run, pod) = await _rig.AddRunAsync();
        using var call = Tail.Open(_rig.Host, run);
        pod.Container("main").Append("before");
        await ReceivedAsync(call, 1);

        Api.Kubelet = FakeKubelet.Hung;
        pod.Container("main").Append("meanwhile");
        Api.Kubelet = FakeKubelet.Running;
        await ReceivedAsync(call, 2);
        pod.Container("main").Terminate();

        await EndsWithAsync(call, "before", "meanwhile");
    }

    [Fact]
    public async Task A_tail_that_is_opened_while_etcd_is_down_begins_when_it_is_back_and_an_open_one_goes_on()
    {
        var (run, pod) = await _rig.AddRunAsync();
        using var open = Tail.Open(_rig.Host, run);
        pod.Container("main").Append("before");
        await ReceivedAsync(open, 1);
        Api.EtcdIsDown = true;
        using var later = Tail.Open(_rig.Host, run);
        await Api.PodRequestsAsync(Api.PodRequests.Count + 3).WaitAsync(Patience, TestContext.Current.CancellationToken);
        pod.Container("main").Append("meanwhile");
        await ReceivedAsync(open, 2);

        Api.EtcdIsDown = false;
        pod.Container("main").Terminate();

        await EndsWithAsync(open, "before", "meanwhile");
        _received.Clear();
        await EndsWithAsync(later, "before", "meanwhile");
    }

    [Fact]
    public async Task An_API_server_that_is_terminated_and_replaced_is_not_seen()
    {
        var (run, pod) = await _rig.AddRunAsync();
        using var call = Tail.Open(_rig.Host, run);
        pod.Container("main").Append("before");
        await ReceivedAsync(call, 1);

        await Api.TerminateAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        pod.Container("main").Append("in the minute that is left");
        await ReceivedAsync(call, 2);
        await Api.KillAsync();
        pod.Container("main").Append("while none is there");
        await Api.RestartAsync();
        await ReceivedAsync(call, 3);
        pod.Container("main").Terminate();

        await EndsWithAsync(call, "before", "in the minute that is left", "while none is there");
    }

    [Fact]
    public async Task Lines_that_come_after_a_force_delete_are_delivered()
    {
        var (run, pod) = await _rig.AddRunAsync();
        using var call = Tail.Open(_rig.Host, run);
        pod.Container("main").Append("before");
        await ReceivedAsync(call, 1);

        Api.ForceDeletePod(pod);
        pod.Container("main").Append("two seconds later");
        await ReceivedAsync(call, 2);
        pod.Container("main").Terminate(137);

        await EndsWithAsync(call, "before", "two seconds later");
    }

    [Fact]
    public async Task A_client_that_reads_gets_60000_lines_over_10_rotations_once()
    {
        var (run, pod) = await _rig.AddRunAsync();
        pod.MaxLogFileBytes = 10_000;
        using var call = Tail.Open(_rig.Host, run);
        await Api.StreamOfAsync(pod).WaitAsync(Patience, TestContext.Current.CancellationToken);
        string[] texts = [.. Enumerable.Range(0, 60_000).Select(i => $"line {i}")];
        for (var file = 0; file < 10; file++)
        {
            // From the container's start on: later, and the log's beginning would seem to be gone.
            pod.Container("main").Append(Enumerable.Range(file * 6000, 6000).Select(i => Some.Line(texts[i], FakeContainer.DefaultStart.Add(TimeSpan.FromMicroseconds(10 * i)))));
            await ReceivedAsync(call, (file + 1) * 6000);
        }

        pod.Container("main").Terminate();

        await EndsWithAsync(call, texts);
    }

    private async Task ReceivedAsync(AsyncServerStreamingCall<TailLogsResponse> call, int count)
    {
        while (_received.Count < count)
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Patience));
            Take(call.ResponseStream.Current);
        }
    }

    private async Task EndsWithAsync(AsyncServerStreamingCall<TailLogsResponse> call, params string[] texts)
    {
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Patience))
        {
            Take(call.ResponseStream.Current);
        }

        Assert.Equal(texts.Select(text => text + "\n"), _received);
    }

    private void Take(TailLogsResponse response) =>
        _received.AddRange(response.Logs.SelectMany(logs => logs.Lines).Where(line => line.Originator != LogLineOriginator.System).Select(line => line.Message));
}
