namespace RunLogs.Abstractions;

/// <summary>What a source knows of a container, and archives need to find it later.</summary>
public sealed record ContainerFacts
{
    /// <summary>The container's name, where the request named none; since 1.1.</summary>
    public string? Container { get; init; }
    /// <summary>The pod's UID; null when not known.</summary>
    public string? PodUid { get; init; }
    /// <summary>The node's name; null when not known.</summary>
    public string? Node { get; init; }
    /// <summary>The pod's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    /// <summary>When the container's instance started; null when not known.</summary>
    public LogTimestamp? StartedAt { get; init; }
    /// <summary>When the container's instance ended; null when it runs or is not known.</summary>
    public LogTimestamp? EndedAt { get; init; }
}
