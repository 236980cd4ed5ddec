using System.Text;
using Google.Protobuf;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;
using RunLogs.Protos.Flyte.Logs.Dataplane;

namespace RunLogs.Host.Api;

/// <summary>Where one log's lines come from, in the wire format of <c>LogService</c>.</summary>
internal sealed class ContainerField
{
    private readonly TailRequest _log;
    private string _backend = "";

    public ContainerField(TailRequest log)
    {
        _log = log;
        Container = Encode(log.Container);
    }

    /// <summary>The bytes of its <c>ContainerIdentifier</c>.</summary>
    public byte[] Container { get; private set; }

    /// <summary>The name of the backend its lines come from, in UTF-8.</summary>
    public byte[] Backend { get; private set; } = [];

    /// <summary>Takes note of what a batch says of the container.</summary>
    public void Learn(in TailItem item)
    {
        if (_log.Container.Length == 0 && item.Batch.Facts?.Container is { } name)
        {
            Container = Encode(name);
        }

        if (item.Backend != _backend)
        {
            (_backend, Backend) = (item.Backend, Encoding.UTF8.GetBytes(item.Backend));
        }
    }

    private byte[] Encode(string container) => new ContainerIdentifier
    {
        ClusterName = _log.Cluster,
        KubernetesNamespace = _log.Namespace,
        KubernetesPodName = _log.Pod,
        KubernetesContainerName = container,
    }.ToByteArray();
}
