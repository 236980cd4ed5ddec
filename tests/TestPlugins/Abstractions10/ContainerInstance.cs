namespace RunLogs.Abstractions;

/// <summary>One of the instances a container goes through as it restarts.</summary>
public sealed record ContainerInstance
{
    /// <summary>How often the container had restarted before it, from 0; null when not known.</summary>
    public int? RestartCount { get; init; }
    /// <summary>Its id in the runtime, without the scheme (<c>containerd://</c>); null when not known.</summary>
    public string? ContainerId { get; init; }
}
