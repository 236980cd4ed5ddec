using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>The rules of one pod of a context, and of what archives are told about it.</summary>
internal static class PodRules
{
    private const int MaxContainers = 100;
    private const int MaxLabelKey = 253 + 1 + 63; // prefix, slash, name
    private const int MaxLabelValue = 63;
    private const int MaxContainerId = 253;

    public static IEnumerable<ContextFault> Check(PodLogContext pod, string field, HashSet<string> names)
    {
        if (!KubernetesNames.IsLabel(pod.Namespace))
        {
            yield return NotAName($"{field}.namespace", pod.Namespace);
        }

        if (!KubernetesNames.IsSubdomain(pod.PodName))
        {
            yield return NotAName($"{field}.pod_name", pod.PodName);
        }
        else if (!names.Add(pod.PodName))
        {
            yield return new ContextFault($"{field}.pod_name", $"{Quoted.Of(pod.PodName)} is there twice");
        }

        var count = pod.Containers.Count + pod.InitContainers.Count;
        if (count > MaxContainers)
        {
            yield return new ContextFault($"{field}.containers", $"are {count} with the init_containers; at most {MaxContainers} are kept");
            yield break;
        }

        var containers = new HashSet<string>();
        foreach (var fault in Containers(pod).SelectMany(container => Check(container.Context, $"{field}.{container.Field}", containers)))
        {
            yield return fault;
        }

        if (pod.PrimaryContainerName is { Length: > 0 } primary && (count > 0 ? !containers.Contains(primary) : !KubernetesNames.IsLabel(primary)))
        {
            yield return new ContextFault($"{field}.primary_container_name", $"{Quoted.Of(primary)} names no container of the pod");
        }
    }

    public static IEnumerable<ContextFault> Check(PodDetail detail, string field, HashSet<string> pods, HashSet<string> described)
    {
        if (!pods.Contains(detail.PodName))
        {
            yield return new ContextFault($"{field}.pod_name", $"{Quoted.Of(detail.PodName)} names no pod of the context");
        }
        else if (!described.Add(detail.PodName))
        {
            yield return new ContextFault($"{field}.pod_name", $"{Quoted.Of(detail.PodName)} is there twice");
        }

        if (detail.Uid.Length > 0 && !KubernetesNames.IsLabelLike(detail.Uid))
        {
            yield return new ContextFault($"{field}.uid", $"{Quoted.Of(detail.Uid)} is not a pod's UID");
        }

        if (detail.NodeName.Length > 0 && !KubernetesNames.IsSubdomain(detail.NodeName))
        {
            yield return NotAName($"{field}.node_name", detail.NodeName);
        }

        foreach (var (container, id) in detail.ContainerIds)
        {
            if (!KubernetesNames.IsLabel(container) || !IsPlain(id, MaxContainerId) || ContainerIds.WithoutScheme(id).AsSpan() is "" || ContainerIds.WithoutScheme(id).Contains('/'))
            {
                yield return new ContextFault($"{field}.container_ids[{Quoted.Of(container)}]", $"{Quoted.Of(id)} is not a container's id");
            }
        }

        foreach (var (key, value) in detail.Labels.Where(label => label.Key.Length == 0 || !IsPlain(label.Key, MaxLabelKey) || !IsPlain(label.Value, MaxLabelValue)))
        {
            yield return new ContextFault($"{field}.labels[{Quoted.Of(key)}]", $"{Quoted.Of(value)} is not a Kubernetes label");
        }
    }

    private static IEnumerable<(ContainerContext Context, string Field)> Containers(PodLogContext pod) =>
        pod.Containers.Select((container, i) => (container, $"containers[{i}]"))
            .Concat(pod.InitContainers.Select((container, i) => (container, $"init_containers[{i}]")));

    private static IEnumerable<ContextFault> Check(ContainerContext container, string field, HashSet<string> names)
    {
        if (!KubernetesNames.IsLabel(container.ContainerName))
        {
            yield return NotAName($"{field}.container_name", container.ContainerName);
        }
        else if (!names.Add(container.ContainerName))
        {
            yield return new ContextFault($"{field}.container_name", $"{Quoted.Of(container.ContainerName)} is there twice");
        }

        var process = container.Process;
        foreach (var fault in Timestamps.Check(
            process?.ContainerStartTime, $"{field}.process.container_start_time", process?.ContainerEndTime, $"{field}.process.container_end_time"))
        {
            yield return fault;
        }
    }

    private static ContextFault NotAName(string field, string value) =>
        new(field, value.Length == 0 ? "is required" : $"{Quoted.Of(value)} is not a Kubernetes name");

    private static bool IsPlain(string value, int limit) => value.Length <= limit && !value.EnumerateRunes().Any(Quoted.IsHidden);
}
