using RunLogs.Testing.CloudWatch;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Testing.Seam;

/// <summary>The stream of one instance of a container, as Container Insights' agent on its node writes it.</summary>
public sealed class CloudWatchArchive(FakePod pod, string container, CloudWatchArchive.Put put) : ISeamArchive
{
    // A batch of the service is not longer.
    private const int MostEvents = 1000;

    private readonly SomeContainer _container = new() { Namespace = pod.Namespace, Pod = pod.Name, PodUid = pod.Uid, Name = container, Node = pod.Node! };
    private long _newest;

    /// <summary>Puts events into a stream, which is made if it is not there.</summary>
    public delegate Task Put(string stream, IReadOnlyList<(long Timestamp, string Message)> events, CancellationToken cancellationToken);

    public async Task WriteAsync(IReadOnlyList<WrittenLine> lines, CancellationToken cancellationToken)
    {
        var id = pod.Container(container).ContainerId!;
        foreach (var events in ContainerAgent.Events(_container, id, _newest, lines).Chunk(MostEvents))
        {
            await put($"{pod.Node}-application.var.log.containers.{pod.Name}_{pod.Namespace}_{container}-{id}.log", events, cancellationToken);
            _newest = events[^1].Timestamp;
        }
    }
}
