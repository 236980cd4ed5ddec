using Google.Protobuf;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;

namespace RunLogs.Host.Api;

/// <summary>The field <c>container</c> of <c>DataProxyService</c>'s logs: the same bytes in every response of a stream.</summary>
internal static class FlyteContainerField
{
    public static byte[] Of(TailRequest request)
    {
        var container = new ContainerIdentifier
        {
            ClusterName = request.Cluster,
            KubernetesNamespace = request.Namespace,
            KubernetesPodName = request.Pod,
            KubernetesContainerName = request.Container,
        };
        return new TailLogsResponse.Types.Logs { Container = container }.ToByteArray();
    }
}
