using RunLogs.Testing.Kubernetes;
using RunLogs.Testing.Stackdriver;

namespace RunLogs.Testing.Seam;

/// <summary>The entries of a container, as GKE's agent writes them.</summary>
public sealed class StackdriverArchive(FakePod pod, string container, FakeLoggingService logging) : ISeamArchive
{
    private readonly SomeContainer _container = new() { Namespace = pod.Namespace, Pod = pod.Name, PodUid = pod.Uid, Name = container, Node = pod.Node! };

    public Task WriteAsync(IReadOnlyList<WrittenLine> lines, CancellationToken cancellationToken)
    {
        logging.Put(_container, lines);
        return Task.CompletedTask;
    }
}
