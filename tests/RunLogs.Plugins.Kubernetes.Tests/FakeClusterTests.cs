using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>A fake cluster with one pod, and one streamer that reads from it, for each test.</summary>
public abstract class FakeClusterTests : IAsyncLifetime
{
    private readonly List<ILogStreamer> _streamers = [];
    private readonly CancellationTokenSource _cancellation = new();
    private FakeKubernetesApi _api = null!;
    private KubernetesNode _node = null!;

    protected FakeKubernetesApi Api => _api;

    protected FakeNode Clock => _node;

    protected FakePod Pod { get; private set; } = null!;

    protected static TailRequest Request => new() { Cluster = "default", Namespace = "rig", Pod = "ticker", Container = "c" };

    public async ValueTask InitializeAsync() => await UseAsync(tls: false);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _cancellation.CancelAsync();
        await LeaveAsync();
        _cancellation.Dispose();
    }

    protected async Task UseAsync(bool tls)
    {
        await LeaveAsync();
        _api = await FakeKubernetesApi.StartAsync(tls);
        _node = new KubernetesNode(_api);
        Pod = _api.AddPod("rig", "ticker");
    }

    /// <summary>Begins a call that ends with the test at the latest.</summary>
    protected (CollectingWriter Output, Task<TailEnd> Tail) Start(TailRequest request, Dictionary<string, string?>? settings = null, int maxLineBytes = 256 * 1024)
    {
        var streamer = _node.CreateStreamer(settings ?? new() { ["HeaderTimeout"] = "1.00:00:00" }, maxLineBytes);
        _streamers.Add(streamer);
        var output = new CollectingWriter();
        return (output, streamer.TailLogsAsync(request, output, _cancellation.Token));
    }

    protected async Task<(CollectingWriter Output, TailEnd End)> ReadAsync(TailRequest request)
    {
        var (output, tail) = Start(request);
        return (output, await Clock.Within(tail));
    }

    protected async Task<LogStreamException> RefusedAsync(Task tail)
    {
        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => Clock.Within(tail));
        Assert.DoesNotContain("unauth", refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Api.Token, refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    protected Task<LogStreamException> RefusedAsync(TailRequest request) => RefusedAsync(Start(request).Tail);

    /// <summary>The pod's status as it is now, to be shown again later.</summary>
    protected async Task<FakeAnswer> StatusAsync()
    {
        using var client = new HttpClient();
        return FakeAnswer.Text(200, await client.GetStringAsync(new Uri($"{Api.Url}/api/v1/namespaces/rig/pods/ticker")), "application/json");
    }

    private async Task LeaveAsync()
    {
        foreach (var streamer in _streamers)
            await streamer.DisposeAsync().AsTask().WaitAsync(FakeNode.Patience);

        _streamers.Clear();
        if (_node is not null)
            await _node.DisposeAsync();
    }
}
