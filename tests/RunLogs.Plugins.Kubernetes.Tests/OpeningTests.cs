using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>Many tails of one cluster at once.</summary>
public sealed class OpeningTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    [Fact]
    public async Task A_thousand_pods_are_followed_over_few_connections()
    {
        await using var api = await FakeKubernetesApi.StartAsync(tls: true);
        await using var streamer = Streamer(api);
        var pods = Enumerable.Range(0, 1000).Select(i => api.AddPod("rig", $"pod-{i}")).ToArray();
        foreach (var pod in pods)
            pod.Container("c");

        var outputs = pods.Select(_ => new CollectingWriter()).ToArray();
        var tails = pods.Select((pod, i) => streamer.TailLogsAsync(Request(pod.Name), outputs[i], _cancellation.Token)).ToArray();
        await api.StreamsOpenAsync(1000).WaitAsync(FakeNode.Patience);
        foreach (var pod in pods)
            pod.Container("c").Append($"from {pod.Name}");

        await Task.WhenAll(outputs.Select(output => output.LinesAsync(1))).WaitAsync(FakeNode.Patience);

        Assert.Equal(pods.Select(pod => $"from {pod.Name}"), outputs.Select(output => output.Texts[0]));
        Assert.InRange(api.Connections, 10, 20);
        await _cancellation.CancelAsync();
        foreach (var tail in tails)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task At_most_64_opens_are_in_flight()
    {
        await using var api = await FakeKubernetesApi.StartAsync();
        await using var streamer = Streamer(api);
        api.AddPod("rig", "ticker").Container("c");
        api.Answer = FakeAnswer.Hang();

        var tails = Enumerable.Range(0, 300).Select(_ => streamer.TailLogsAsync(Request("ticker"), new CollectingWriter(), _cancellation.Token)).ToArray();
        await api.PodRequestsAsync(64).WaitAsync(FakeNode.Patience);
        await using var other = await FakeKubernetesApi.StartAsync();
        await using var elsewhere = Streamer(other);
        await Assert.ThrowsAsync<LogStreamException>(() => elsewhere.TailLogsAsync(Request("nope"), new CollectingWriter(), _cancellation.Token).WaitAsync(FakeNode.Patience));
        Assert.Equal(64, api.Requests.Count);
        var hanging = api.Answer;
        api.Answer = null;
        hanging.Release();
        await api.StreamsOpenAsync(200).WaitAsync(FakeNode.Patience);

        await _cancellation.CancelAsync();
        foreach (var tail in tails)
            await Assert.ThrowsAnyAsync<Exception>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task A_hung_kubelet_with_64_tails_does_not_delay_a_tail_of_another_node()
    {
        await using var api = await FakeKubernetesApi.StartAsync();
        await using var streamer = Streamer(api);
        var hung = api.AddPod("rig", "hung");
        hung.Container("c");
        hung.LogAnswer = FakeAnswer.Hang();
        var tails = Enumerable.Range(0, 64).Select(_ => streamer.TailLogsAsync(Request("hung"), new CollectingWriter(), _cancellation.Token)).ToArray();
        await api.LogRequestsAsync(16).WaitAsync(FakeNode.Patience);
        await api.PodRequestsAsync(64).WaitAsync(FakeNode.Patience);

        var healthy = api.AddPod("rig", "healthy");
        healthy.Node = "node-2";
        healthy.Container("c").Append("x");
        healthy.Container("c").Terminate();
        var end = await streamer.TailLogsAsync(Request("healthy"), new CollectingWriter(), _cancellation.Token).WaitAsync(FakeNode.Patience);

        Assert.Equal(TailEnd.Complete, end);
        Assert.Equal(16, api.LogRequests.Count(request => request.Contains("/hung/", StringComparison.Ordinal)));
        Assert.All(tails, tail => Assert.False(tail.IsCompleted));
        hung.LogAnswer.Release();
        await _cancellation.CancelAsync();
        foreach (var tail in tails)
            await Assert.ThrowsAnyAsync<Exception>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task While_the_server_is_away_one_request_asks_for_it_and_all_share_its_failure()
    {
        using var gate = new RequestGate();
        var (sent, answer) = (0, new TaskCompletionSource<int>());
        var away = new LogStreamException(LogStreamError.Unavailable, "away", "UNREACHABLE");
        await Assert.ThrowsAsync<LogStreamException>(() => gate.SendAsync<int>(() => throw away, _ => true, _cancellation.Token));

        var waiting = Enumerable.Range(0, 1000).Select(_ => gate.SendAsync(Send, _ => true, _cancellation.Token)).ToArray();
        Assert.Equal(1, sent);
        answer.SetException(away);
        foreach (var one in waiting)
            await Assert.ThrowsAsync<LogStreamException>(() => one.WaitAsync(FakeNode.Patience));

        Assert.Equal(1, sent);
        answer = new TaskCompletionSource<int>();
        waiting = [.. Enumerable.Range(0, 1000).Select(_ => gate.SendAsync(Send, _ => true, _cancellation.Token))];
        Assert.Equal(2, sent);
        answer.SetResult(7);
        Assert.All(await Task.WhenAll(waiting).WaitAsync(FakeNode.Patience), got => Assert.Equal(7, got));

        Task<int> Send()
        {
            Interlocked.Increment(ref sent);
            return answer.Task;
        }
    }

    [Fact]
    public async Task A_probe_whose_client_goes_away_leaves_the_question_to_the_next_one()
    {
        using var gate = new RequestGate();
        using var gone = new CancellationTokenSource();
        await Assert.ThrowsAsync<LogStreamException>(() => gate.SendAsync<int>(() => throw new LogStreamException(LogStreamError.Unavailable, "away", "UNREACHABLE"), _ => true, _cancellation.Token));
        var probe = gate.SendAsync(() => new TaskCompletionSource<int>().Task.WaitAsync(gone.Token), _ => true, gone.Token);
        var next = gate.SendAsync(() => Task.FromResult(7), _ => true, _cancellation.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe.WaitAsync(FakeNode.Patience));
        Assert.Equal(7, await next.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task A_server_that_comes_back_is_asked_again()
    {
        await using var api = await FakeKubernetesApi.StartAsync();
        await using var streamer = Streamer(api);
        var container = api.AddPod("rig", "ticker").Container("c");
        container.Append("x");
        container.Terminate();
        await api.KillAsync();
        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => streamer.TailLogsAsync(Request("ticker"), new CollectingWriter(), _cancellation.Token).WaitAsync(FakeNode.Patience));
        await api.RestartAsync();

        var end = await streamer.TailLogsAsync(Request("ticker"), new CollectingWriter(), _cancellation.Token).WaitAsync(FakeNode.Patience);

        Assert.Equal("UNREACHABLE", refusal.Reason);
        Assert.Equal(TailEnd.Complete, end);
    }

    public ValueTask DisposeAsync()
    {
        _cancellation.Dispose();
        return ValueTask.CompletedTask;
    }

    private static TailRequest Request(string pod) => new() { Cluster = "default", Namespace = "rig", Pod = pod, Container = "c" };

    private static ILogStreamer Streamer(FakeKubernetesApi api) =>
        new KubernetesPlugin().Create(Some.PluginContext("Kubernetes", TimeProvider.System, new Dictionary<string, string?> { ["KubeConfig"] = api.KubeConfigPath }));
}
