using Google.Protobuf.Collections;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Cursors;
using RunLogs.Host.Tailing;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Api;

/// <summary>A request of <c>LogService</c> as a query; every fault is told at once.</summary>
internal static class LogServiceQuery
{
    public static TailQuery Parse(TailLogsRequest request, CursorSeal cursors)
    {
        var faults = new List<ContextFault>();
        var pod = request.Pod is { } named ? new PodTarget(named.Cluster, named.Namespace, named.Name, named.Uid) : null;
        faults.AddRange(CheckTarget(request, pod));
        faults.AddRange(CheckContainers(request.Containers));
        faults.AddRange(Timestamps.Check(request.Since, "since", request.Until, "until"));
        faults.AddRange(CheckRange(request));
        var filter = FilterOf(request, faults);
        var cursor = CursorOf(request, cursors, faults);
        ContextException.ThrowIfAny(faults);
        return new TailQuery
        {
            Action = request.Attempt?.ActionId,
            Attempt = request.Attempt?.Attempt ?? 0,
            Pod = pod,
            Containers = new ContainerSelection([.. request.Containers], request.AllPods),
            Previous = request.Previous,
            Since = request.Since.ToLogTimestamp(),
            Until = request.Until.ToLogTimestamp(),
            TailLines = request.HasTail ? (long)request.Tail : null,
            Follow = request.Follow == Follow.Never ? FollowMode.Never : FollowMode.Auto,
            Sources = (SourceSelection)request.Source,
            Filter = filter,
            Cursor = cursor,
        };
    }

    private static IEnumerable<ContextFault> CheckTarget(TailLogsRequest request, PodTarget? pod) => (request.TargetCase, request.AllPods) switch
    {
        (TailLogsRequest.TargetOneofCase.Attempt, _) => ActionIdentifiers.Check(request.Attempt.ActionId, "attempt.action_id"),
        (TailLogsRequest.TargetOneofCase.Pod, true) => pod!.Check("pod").Append(new ContextFault("all_pods", "is for attempts; a pod named directly is one")),
        (TailLogsRequest.TargetOneofCase.Pod, _) => pod!.Check("pod"),
        _ => [new ContextFault("target", "is required: set attempt or pod")],
    };

    private static IEnumerable<ContextFault> CheckContainers(RepeatedField<string> containers)
    {
        if (containers.Count > ContainerSelection.MostLogs)
        {
            yield return new ContextFault("containers", $"are {containers.Count}; at most {ContainerSelection.MostLogs} are merged");
            yield break;
        }

        var names = new HashSet<string>();
        foreach (var (i, name) in containers.Index())
        {
            if (!KubernetesNames.IsLabel(name))
            {
                yield return new ContextFault($"containers[{i}]", $"{Quoted.Of(name)} is not a Kubernetes name");
            }
            else if (!names.Add(name))
            {
                yield return new ContextFault($"containers[{i}]", $"{Quoted.Of(name)} is there twice");
            }
        }
    }

    private static IEnumerable<ContextFault> CheckRange(TailLogsRequest request)
    {
        if (request.Tail > long.MaxValue)
        {
            yield return new ContextFault("tail", $"is {request.Tail}; at most {long.MaxValue} lines can be asked for");
        }

        if (!Enum.IsDefined(request.Follow))
        {
            yield return new ContextFault("follow", $"is {(int)request.Follow}, which this version does not know");
        }

        if (!Enum.IsDefined(request.Source))
        {
            yield return new ContextFault("source", $"is {(int)request.Source}, which this version does not know");
        }
    }

    private static TailFilter? FilterOf(TailLogsRequest request, List<ContextFault> faults)
    {
        var (field, text) = request.HasContains ? ("contains", request.Contains) : ("regex", request.Regex);
        if (request.FilterCase == TailLogsRequest.FilterOneofCase.None)
        {
            return null;
        }

        if (text.Length is 0 or > TailFilter.MaxLength)
        {
            faults.Add(new ContextFault(field, text.Length == 0 ? "is empty; leave it out to get every line" : $"is {text.Length} characters long; at most {TailFilter.MaxLength} are looked for"));
            return null;
        }

        try
        {
            return request.HasContains ? TailFilter.Containing(text) : TailFilter.Matching(text);
        }
        catch (ArgumentException unusable)
        {
            faults.Add(new ContextFault(field, $"cannot be used: {unusable.Message.ReplaceLineEndings(" ")}"));
            return null;
        }
    }

    private static TailCursor? CursorOf(TailLogsRequest request, CursorSeal cursors, List<ContextFault> faults)
    {
        if (request.Cursor.Length == 0)
        {
            return null;
        }

        if (!cursors.TryOpen(request.Cursor, out var cursor, out var fault))
        {
            faults.Add(new ContextFault("cursor", fault));
        }

        return cursor;
    }
}
