namespace RunLogs.Abstractions;

/// <summary>The log of one container, as far as it is asked for.</summary>
public sealed record TailRequest
{
    /// <summary>The attempt it belongs to; null for a pod named directly.</summary>
    public AttemptIdentity? Attempt { get; init; }
    /// <summary>The cluster's name in RunLogs' settings.</summary>
    public required string Cluster { get; init; }
    /// <summary>The pod's namespace.</summary>
    public required string Namespace { get; init; }
    /// <summary>The pod's name.</summary>
    public required string Pod { get; init; }
    /// <summary>The pod's UID, where known; another pod of the same name is then NotFound.</summary>
    public string? PodUid { get; init; }
    /// <summary>The container's name; since 1.1, empty for the only one of a pod (several are InvalidRequest), which <see cref="ContainerFacts.Container"/> then names.</summary>
    public required string Container { get; init; }
    /// <summary>The container's id in the runtime, where known, without the scheme.</summary>
    public string? ContainerId { get; init; }
    /// <summary>The node, where known.</summary>
    public string? Node { get; init; }
    /// <summary>The pod's labels, where known.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    /// <summary>When the container started, where known.</summary>
    public LogTimestamp? ContainerStart { get; init; }
    /// <summary>When the container ended, where known.</summary>
    public LogTimestamp? ContainerEnd { get; init; }
    /// <summary>Lines at or after this time only; lines without a time always count.</summary>
    public LogTimestamp? Since { get; init; }
    /// <summary>Lines before this time only; lines without a time always count.</summary>
    public LogTimestamp? Until { get; init; }
    /// <summary>The last lines only, of what <see cref="Since"/> and <see cref="Until"/> leave; null for all.</summary>
    public long? TailLines { get; init; }
    /// <summary>Whether to wait for lines that do not exist yet.</summary>
    public FollowMode Follow { get; init; }
    /// <summary>The instance before the newest, and none after it.</summary>
    public bool Previous { get; init; }
    /// <summary>From this instance on: resume and hand-over; null for the newest and, while following, those after it.</summary>
    public ContainerInstance? Instance { get; init; }
    /// <summary>The container's end, else the attempt's end, else when a live source lost the pod; null when none is known.</summary>
    /// <remarks>Tells an archive how long it may have to wait for lines; see <see cref="ArchiveTiming"/>.</remarks>
    public LogTimestamp? EndedAt { get; init; }
}
