using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>From an attempt to the logs that are meant by it, with Flyte's choices and Flyte's words.</summary>
internal sealed class AttemptContexts(LogContextStore store, IOptions<RunLogsOptions> options)
{
    /// <summary>The whole logs of an attempt's containers; attempt 0 is the latest.</summary>
    /// <param name="action">The action, as the client names it.</param>
    /// <param name="attempt">Its attempt, from 1; 0 for the latest.</param>
    /// <param name="containers">Which of its containers.</param>
    /// <param name="cancellationToken">The client's.</param>
    /// <exception cref="ContextException">The attempt is not known, or its context names no such container.</exception>
    public async Task<AttemptLogs> FindAsync(ActionIdentifier? action, uint attempt, ContainerSelection containers, CancellationToken cancellationToken)
    {
        if (action?.Run is null)
        {
            throw new ContextException(ContextError.InvalidArgument, "action_id is required");
        }

        ContextException.ThrowIfAny(ActionIdentifiers.Check(action, "action_id"));
        var asked = action.ToAttempt(attempt);
        var record = await store.FindAsync(asked, cancellationToken) ?? throw NotFound($"no event found for action {asked}");
        if (record.LogContext is not { Pods.Count: > 0 } context)
        {
            throw NotFound($"no log context found for action {asked}");
        }

        var known = record.ActionId.ToAttempt(record.Attempt);
        var identity = known with { Org = known.Org.Length > 0 ? known.Org : asked.Org };
        return new AttemptLogs(known, [.. containers.ChooseFrom(context).Select(chosen => RequestOf(record, identity, chosen.Pod, chosen.Container))]);
    }

    private TailRequest RequestOf(LogContextRecord record, AttemptIdentity identity, PodLogContext pod, ContainerContext container)
    {
        var detail = record.Pods.FirstOrDefault(detail => detail.PodName == pod.PodName) ?? new PodDetail();
        var ended = container.Process?.ContainerEndTime.ToLogTimestamp();
        return new TailRequest
        {
            Attempt = identity,
            Cluster = record.Cluster.Length > 0 ? record.Cluster : options.Value.DefaultCluster,
            Namespace = pod.Namespace,
            Pod = pod.PodName,
            PodUid = NullIfEmpty(detail.Uid),
            Container = container.ContainerName,
            ContainerId = detail.ContainerIds.TryGetValue(container.ContainerName, out var id) ? ContainerIds.WithoutScheme(id) : null,
            Node = NullIfEmpty(detail.NodeName),
            Labels = new Dictionary<string, string>(detail.Labels),
            ContainerStart = container.Process?.ContainerStartTime.ToLogTimestamp() ?? record.StartTime.ToLogTimestamp(),
            ContainerEnd = ended,
            EndedAt = ended ?? record.EndTime.ToLogTimestamp(),
        };
    }

    private static string? NullIfEmpty(string value) => value.Length > 0 ? value : null;

    private static ContextException NotFound(string message) => new(ContextError.NotFound, message);
}
