using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>A node as this backend sees it: through the API.</summary>
internal sealed class KubernetesNode(FakeKubernetesApi api) : FakeNode
{
    private readonly Dictionary<string, FakePod> _pods = [];

    // stdout and stderr come mixed, without a mark.
    public override bool KnowsStreams => false;

    // The clock of the suite runs fast.
    public override ILogStreamer CreateStreamer(int maxLineBytes) => CreateStreamer(new() { ["HeaderTimeout"] = "1.00:00:00" }, maxLineBytes);

    public ILogStreamer CreateStreamer(Dictionary<string, string?> settings, int maxLineBytes = 256 * 1024)
    {
        settings.TryAdd("KubeConfig", api.KubeConfigPath);
        return new KubernetesPlugin().Create(Some.PluginContext("Kubernetes", Time, settings, maxLineBytes));
    }

    public override Task RunAsync(SomeContainer container, params WrittenLine[] lines)
    {
        var pod = api.AddPod(container.Namespace, container.Pod, container.PodUid);
        pod.RestartPolicy = "OnFailure";
        pod.Container(container.Name).Append(lines);
        _pods[container.PodUid] = pod;
        return Task.CompletedTask;
    }

    public override Task AppendAsync(SomeContainer container, params WrittenLine[] lines)
    {
        Of(container).Append(lines);
        return Task.CompletedTask;
    }

    public override Task EndAsync(SomeContainer container)
    {
        Of(container).Terminate();
        return Task.CompletedTask;
    }

    public override Task RestartAsync(SomeContainer container, params WrittenLine[] lines)
    {
        Of(container).Restart();
        Of(container).Append(lines);
        return Task.CompletedTask;
    }

    public override Task DeletePodAsync(SomeContainer container)
    {
        api.DeletePod(_pods[container.PodUid]);
        return Task.CompletedTask;
    }

    public override TailRequest Request(SomeContainer container) => new()
    {
        Cluster = "default",
        Namespace = container.Namespace,
        Pod = container.Pod,
        Container = container.Name,
    };

    public override ValueTask DisposeAsync() => api.DisposeAsync();

    private FakeContainer Of(SomeContainer container) => _pods[container.PodUid].Container(container.Name);
}
