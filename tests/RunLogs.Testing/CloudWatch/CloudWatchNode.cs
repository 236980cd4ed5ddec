using RunLogs.Abstractions;

namespace RunLogs.Testing.CloudWatch;

/// <summary>A node whose agent writes to CloudWatch Logs, whatever serves that.</summary>
public abstract class CloudWatchNode : FakeNode
{
    public const string LogGroup = "/aws/containerinsights/default/application";

    private readonly Dictionary<string, (int Instance, long Newest)> _instances = [];
    private readonly HashSet<string> _ended = [];

    // A streamer waits a second between two polls, and not for less than its turn among all tails.
    protected override TimeSpan Step => TimeSpan.FromMilliseconds(500);

    public override bool KnowsSilence => false;

    /// <summary>What stands before the part of a stream's name that tells the pod.</summary>
    public string StreamPrefix { get; init; } = $"{new SomeContainer().Node}-application.";

    /// <summary>Whether requests tell the node.</summary>
    public bool TellsNode { get; init; } = true;

    public string StreamOf(SomeContainer container, int instance = 0) => $"{StreamPrefix}var.log.containers.{container.Pod}_{container.Namespace}_{container.Name}-{ContainerId(container, instance)}.log";

    public override Task RunAsync(SomeContainer container, params WrittenLine[] lines)
    {
        _instances[Key(container)] = (0, 0);
        return AppendAsync(container, lines);
    }

    public override async Task AppendAsync(SomeContainer container, params WrittenLine[] lines)
    {
        var (instance, newest) = _instances[Key(container)];
        var events = ContainerAgent.Events(container, ContainerId(container, instance), newest, lines);
        if (events.Count == 0)
            return;

        _instances[Key(container)] = (instance, events[^1].Timestamp);
        await PutAsync(StreamOf(container, instance), events);
    }

    public override Task RestartAsync(SomeContainer container, params WrittenLine[] lines)
    {
        _instances[Key(container)] = (_instances[Key(container)].Instance + 1, 0);
        return AppendAsync(container, lines);
    }

    public override Task EndAsync(SomeContainer container)
    {
        _ended.Add(Key(container));
        return Task.CompletedTask;
    }

    /// <summary>The events stay: an archive outlives its pods.</summary>
    public override Task DeletePodAsync(SomeContainer container) => EndAsync(container);

    public override TailRequest Request(SomeContainer container) => new()
    {
        Cluster = "default",
        Namespace = container.Namespace,
        Pod = container.Pod,
        Container = container.Name,
        Node = TellsNode ? container.Node : null,
        EndedAt = _ended.Contains(Key(container)) ? LogTimestamp.From(Some.Now - TimeSpan.FromMinutes(10)) : null,
    };

    /// <summary>What an agent sends.</summary>
    protected abstract Task PutAsync(string stream, IReadOnlyList<(long Timestamp, string Message)> events);

    private static string Key(SomeContainer container) => $"{container.PodUid}/{container.Name}";

    private static string ContainerId(SomeContainer container, int instance) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{Key(container)}/{instance}")));
}
