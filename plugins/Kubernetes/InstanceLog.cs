using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>One instance of a container whose log the node can still give.</summary>
internal sealed record InstanceLog
{
    public required ContainerInstance Instance { get; init; }

    /// <summary>Whether it is asked for by <c>previous=true</c>.</summary>
    public bool Previous { get; init; }

    public bool Running { get; init; }

    /// <summary>Whether the kubelet will start another instance after it.</summary>
    public bool Restarts { get; init; }

    public LogTimestamp? StartedAt { get; init; }

    public LogTimestamp? EndedAt { get; init; }

    private int RestartCount => Instance.RestartCount ?? 0;

    public bool Is(ContainerInstance other) => Instance.ContainerId is { } mine && other.ContainerId is { } theirs
        ? mine == theirs
        : Instance.RestartCount == other.RestartCount;

    public bool IsAfter(ContainerInstance other) => !Is(other) && RestartCount > (other.RestartCount ?? int.MaxValue);

    /// <summary>How many instances lie between.</summary>
    public int CountFrom(ContainerInstance other) => Math.Max(0, RestartCount - (other.RestartCount ?? RestartCount) - 1);
}
