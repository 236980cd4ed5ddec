using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>What makes a record one that can be kept: every fault, found as it is asked for.</summary>
internal static class LogContextRules
{
    private const int MaxRecordBytes = 256 * 1024;
    private const int MaxPods = 1000;
    private const int MaxEndpointLength = 2048;

    public static IEnumerable<ContextFault> Check(LogContextRecord? record)
    {
        if (record is null)
        {
            return [new ContextFault("record", "is required")];
        }

        var size = record.CalculateSize();
        return size > MaxRecordBytes
            ? [new ContextFault("record", $"is {size} bytes long; at most {MaxRecordBytes} are kept")]
            : ActionIdentifiers.Check(record.ActionId, "record.action_id")
                .Concat(CheckAttempt(record))
                .Concat(Timestamps.Check(record.StartTime, "record.start_time", record.EndTime, "record.end_time"))
                .Concat(CheckContext(record.LogContext))
                .Concat(CheckDetails(record));
    }

    private static IEnumerable<ContextFault> CheckAttempt(LogContextRecord record)
    {
        if (record.Attempt == 0)
        {
            yield return new ContextFault("record.attempt", "is 0; attempts count from 1");
        }

        if (record.Cluster.Length > 0 && !KubernetesNames.IsLabelLike(record.Cluster))
        {
            yield return new ContextFault("record.cluster", $"{Quoted.Of(record.Cluster)} is not a cluster's name");
        }
    }

    private static IEnumerable<ContextFault> CheckContext(LogContext? context)
    {
        const string Field = "record.log_context";
        if (context is null)
        {
            yield return new ContextFault(Field, "is required");
            yield break;
        }

        if (context.Pods.Count == 0 && context.Connector is null)
        {
            yield return new ContextFault($"{Field}.pods", "is empty; without a connector there must be a pod");
        }

        if (context.Connector is { } connector && (connector.Endpoint.Length is 0 or > MaxEndpointLength || connector.Endpoint.EnumerateRunes().Any(Quoted.IsHidden)))
        {
            yield return new ContextFault($"{Field}.connector.endpoint", $"{Quoted.Of(connector.Endpoint)} is not an endpoint");
        }

        if (context.Pods.Count > MaxPods)
        {
            yield return new ContextFault($"{Field}.pods", $"has {context.Pods.Count} pods; at most {MaxPods} are kept");
            yield break;
        }

        if (context.PrimaryPodName.Length > 0 && context.Pods.All(pod => pod.PodName != context.PrimaryPodName))
        {
            yield return new ContextFault($"{Field}.primary_pod_name", $"{Quoted.Of(context.PrimaryPodName)} names no pod of the context");
        }

        var names = new HashSet<string>();
        foreach (var (i, pod) in context.Pods.Index())
        {
            foreach (var fault in PodRules.Check(pod, $"{Field}.pods[{i}]", names))
            {
                yield return fault;
            }
        }

        foreach (var prefix in context.PodNamePrefixes.Where(prefix => prefix.Length > 253 || prefix.EnumerateRunes().Any(Quoted.IsHidden)))
        {
            yield return new ContextFault($"{Field}.pod_name_prefixes", $"{Quoted.Of(prefix)} begins no Kubernetes name");
        }
    }

    private static IEnumerable<ContextFault> CheckDetails(LogContextRecord record)
    {
        var pods = record.LogContext?.Pods.Select(pod => pod.PodName).ToHashSet() ?? [];
        var described = new HashSet<string>();
        foreach (var (i, detail) in record.Pods.Index())
        {
            foreach (var fault in PodRules.Check(detail, $"record.pods[{i}]", pods, described))
            {
                yield return fault;
            }
        }
    }
}
