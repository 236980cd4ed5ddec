using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>The contract of all live backends, over plain HTTP/1.1.</summary>
public sealed class KubernetesContractTests : LiveLogStreamerContractTests
{
    protected override async Task<FakeNode> CreateNodeAsync() => new KubernetesNode(await FakeKubernetesApi.StartAsync());
}
