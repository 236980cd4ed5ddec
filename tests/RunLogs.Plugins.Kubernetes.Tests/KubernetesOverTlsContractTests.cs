using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>The contract of all live backends, over TLS and HTTP/2.</summary>
public sealed class KubernetesOverTlsContractTests : LiveLogStreamerContractTests
{
    protected override async Task<FakeNode> CreateNodeAsync() => new KubernetesNode(await FakeKubernetesApi.StartAsync(tls: true));
}
