using k8s.Models;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>A pod as the API described it at one moment.</summary>
internal sealed class PodStatus(V1Pod pod)
{
    public string Uid => pod.Metadata?.Uid ?? "";

    /// <summary>Whether no container of it will be started any more.</summary>
    public bool IsOver => pod.Metadata?.DeletionTimestamp is not null || pod.Status?.Phase is "Succeeded" or "Failed";

    /// <summary>Why it is over, as far as told.</summary>
    public string OverReason => pod.Status?.Reason ?? (pod.Metadata?.DeletionTimestamp is null ? $"its pod is {pod.Status?.Phase}" : "its pod is being deleted");

    /// <summary>The name of its one container.</summary>
    public string OnlyContainer() => pod.Spec?.Containers is [var only] ? only.Name : throw new LogStreamException(
        LogStreamError.InvalidRequest,
        $"a container name must be specified for pod {pod.Metadata?.Name}, choose one of: [{string.Join(' ', (pod.Spec?.Containers ?? []).Concat(pod.Spec?.InitContainers ?? []).Select(one => one.Name))}]",
        "BAD_REQUEST");

    public ContainerStatus Container(string name)
    {
        var spec = pod.Spec?.Containers?.FirstOrDefault(one => one.Name == name);
        var init = spec is null ? pod.Spec?.InitContainers?.FirstOrDefault(one => one.Name == name) : null;
        if (spec is null && init is null && pod.Spec?.EphemeralContainers?.Any(one => one.Name == name) != true)
        {
            throw new LogStreamException(LogStreamError.InvalidRequest, $"container {name} is not valid for pod {pod.Metadata?.Name}", "BAD_REQUEST");
        }

        IEnumerable<V1ContainerStatus> statuses = [.. pod.Status?.ContainerStatuses ?? [], .. pod.Status?.InitContainerStatuses ?? [], .. pod.Status?.EphemeralContainerStatuses ?? []];
        var policy = spec?.RestartPolicy ?? init?.RestartPolicy ?? (spec is null && init is null ? "Never" : pod.Spec?.RestartPolicy ?? "Always");
        if (init is { RestartPolicy: null } && policy == "Always")
        {
            // An init container that succeeded has done its work.
            policy = "OnFailure";
        }

        return new ContainerStatus(statuses.FirstOrDefault(one => one.Name == name), IsOver ? "Never" : policy);
    }

    public ContainerFacts Facts(InstanceLog log) => new()
    {
        PodUid = Uid,
        Node = pod.Spec?.NodeName,
        Labels = pod.Metadata?.Labels?.ToDictionary() ?? [],
        StartedAt = log.StartedAt,
        EndedAt = log.EndedAt,
    };
}
