using k8s.Models;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>A container as the API described it at one moment: which instances it has a log of.</summary>
internal sealed class ContainerStatus(V1ContainerStatus? status, string restartPolicy)
{
    /// <summary>The instance that a log request without <c>previous</c> serves; null when none has started.</summary>
    public InstanceLog? Newest { get; } = status?.State switch
    {
        { Running: { } running } => new()
        {
            Instance = Named(status.ContainerID, status.RestartCount),
            Running = true,
            StartedAt = Time(running.StartedAt),
        },
        { Terminated: { ContainerID.Length: > 0 } ended } => Ended(ended, status.RestartCount, previous: false, restartPolicy),

        // While the kubelet backs off before the next start, the last instance is both the newest and the previous one.
        _ when status?.LastState?.Terminated is { ContainerID.Length: > 0 } ended => Ended(ended, LastCount(status), previous: false, restartPolicy),
        _ => null,
    };

    /// <summary>The instance that a log request with <c>previous=true</c> serves; null when there is none.</summary>
    public InstanceLog? Previous { get; } = status?.LastState?.Terminated is { ContainerID.Length: > 0 } last
        ? Ended(last, LastCount(status), previous: true, "Always")
        : null;

    /// <summary>Why nothing has started yet, in the kubelet's words.</summary>
    public string WaitReason => status?.State switch
    {
        { Waiting: { } waiting } => string.IsNullOrEmpty(waiting.Message) ? waiting.Reason ?? "no reason given" : $"{waiting.Reason}: {waiting.Message}",
        { Terminated: { } ended } => ended.Reason ?? "it could not be started",
        _ => "the pod is not scheduled yet",
    };

    private static int LastCount(V1ContainerStatus status) =>
        status.State?.Running is null && status.State?.Terminated is not { ContainerID.Length: > 0 } ? status.RestartCount : Math.Max(0, status.RestartCount - 1);

    private static InstanceLog Ended(V1ContainerStateTerminated ended, int restartCount, bool previous, string restartPolicy) => new()
    {
        Instance = Named(ended.ContainerID, restartCount),
        Previous = previous,
        Restarts = restartPolicy == "Always" || (restartPolicy == "OnFailure" && ended.ExitCode != 0),
        StartedAt = Time(ended.StartedAt),
        EndedAt = Time(ended.FinishedAt),
    };

    private static ContainerInstance Named(string? id, int restartCount) => new()
    {
        RestartCount = restartCount,
        ContainerId = id?.Split("://")[^1] is { Length: > 0 } bare ? bare : null,
    };

    private static LogTimestamp? Time(DateTime? time) =>
        time is { Year: > 1970 } known ? LogTimestamp.From(new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc))) : null;
}
