using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>From an attempt to the logs that are meant by it, with Flyte's choices and Flyte's words.</summary>
internal sealed class AttemptContexts(ILogContextSource source, RecordedFacts facts, IOptions<RunLogsOptions> options, ILogger<AttemptContexts> logger)
{
    /// <summary>The whole logs of an attempt's containers; attempt 0 is the latest.</summary>
    /// <param name="action">The action, as the client names it.</param>
    /// <param name="attempt">Its attempt, from 1; 0 for the latest.</param>
    /// <param name="containers">Which of its containers.</param>
    /// <param name="follow">Whether the client waits for what is not there yet, its pod too.</param>
    /// <param name="cancellationToken">The client's.</param>
    /// <exception cref="ContextException">The attempt is not known, or its context names no such container.</exception>
    public async Task<AttemptLogs> FindAsync(ActionIdentifier? action, uint attempt, ContainerSelection containers, FollowMode follow, CancellationToken cancellationToken)
    {
        if (action?.Run is null)
        {
            throw new ContextException(ContextError.InvalidArgument, "action_id is required");
        }

        ContextException.ThrowIfAny(ActionIdentifiers.Check(action, "action_id"));
        var asked = action.ToAttempt(attempt);
        Predicate<LogContextRecord>? isReady = follow == FollowMode.Auto ? record => containers.IsReady(record.LogContext) : null;
        var record = await source.FindAsync(asked, isReady, cancellationToken) ?? throw NotFound($"no event found for action {asked}");
        if (record.LogContext is not { Pods.Count: > 0 } context)
        {
            throw NotFound($"no log context found for action {asked}");
        }

        var known = record.ActionId.ToAttempt(record.Attempt);
        var identity = known with { Org = known.Org.Length > 0 ? known.Org : asked.Org };
        var chosen = containers.ChooseFrom(context);
        var cluster = record.Cluster.Length > 0 ? record.Cluster : options.Value.DefaultCluster;
        var recorded = await RecordedAsync(known, cluster, cancellationToken);
        return new AttemptLogs(known, [.. chosen.Select(one => RequestOf(record, identity, cluster, DetailOf(record, recorded, one.Pod), one.Pod, one.Container))]);
    }

    // Without it a live pod is read as well, and most archives find theirs by name.
    private async Task<IReadOnlyDictionary<(string, string), PodDetail>> RecordedAsync(AttemptIdentity attempt, string cluster, CancellationToken cancellationToken)
    {
        try
        {
            return await facts.FindAsync(attempt, cluster, cancellationToken);
        }
        catch (ContextException e)
        {
            logger.FactsNotRead(attempt.ToString(), e.Message);
            return new Dictionary<(string, string), PodDetail>();
        }
    }

    // What the runner says counts before what was seen.
    private static PodDetail DetailOf(LogContextRecord record, IReadOnlyDictionary<(string, string), PodDetail> recorded, PodLogContext pod)
    {
        var told = record.Pods.FirstOrDefault(detail => detail.PodName == pod.PodName);
        var seen = recorded.GetValueOrDefault((pod.Namespace, pod.PodName));
        if (told is null || seen is null || (told.Uid.Length > 0 && told.Uid != seen.Uid))
        {
            return told ?? seen ?? new PodDetail();
        }

        var detail = seen.Clone();
        detail.MergeFrom(told);
        return detail;
    }

    private static TailRequest RequestOf(LogContextRecord record, AttemptIdentity identity, string cluster, PodDetail detail, PodLogContext pod, ContainerContext container)
    {
        var ended = container.Process?.ContainerEndTime.ToLogTimestamp();
        return new TailRequest
        {
            Attempt = identity,
            Cluster = cluster,
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
