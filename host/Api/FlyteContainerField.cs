using System.Text;
using Google.Protobuf;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;

namespace RunLogs.Host.Api;

/// <summary>The field <c>container</c> of <c>DataProxyService</c>'s logs: the same bytes in every response of a stream.</summary>
internal static class FlyteContainerField
{
    private const int ShortNameLength = 5; // what Kubernetes makes names unique with

    /// <summary>A pod's name as a label of its lines among those of other pods: its end, in UTF-8.</summary>
    public static byte[] ShortNameOf(string pod) => Encoding.UTF8.GetBytes(pod[Math.Max(0, pod.Length - ShortNameLength)..]);

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
