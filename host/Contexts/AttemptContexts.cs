using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>From an attempt to the log that is meant by it, with Flyte's choices and Flyte's words.</summary>
internal sealed class AttemptContexts(LogContextStore store, IOptions<RunLogsOptions> options)
{
    /// <summary>The whole log of a container of the attempt's primary pod; attempt 0 is the latest.</summary>
    /// <param name="action">The action, as the client names it.</param>
    /// <param name="attempt">Its attempt, from 1; 0 for the latest.</param>
    /// <param name="name">The container's name; null for the primary one.</param>
    /// <param name="cancellationToken">The client's.</param>
    /// <exception cref="ContextException">The attempt is not known, or its context names no such container.</exception>
    public async Task<TailRequest> ContainerAsync(ActionIdentifier? action, uint attempt, string? name, CancellationToken cancellationToken)
    {
        if (action?.Run is null)
        {
            throw new ContextException(ContextError.InvalidArgument, "action_id is required");
        }

        ContextException.ThrowIfAny(ActionIdentifiers.Check(action, "action_id"));
        var asked = action.ToAttempt(attempt);
        var record = await store.FindAsync(asked, cancellationToken) ?? throw NotFound($"no event found for action {asked}");
        var context = record.LogContext;
        if (context is null or { Pods.Count: 0 })
        {
            throw NotFound($"no log context found for action {asked}");
        }

        if (context.PrimaryPodName.Length == 0)
        {
            throw NotFound("primary pod name is empty in log context");
        }

        var pod = context.Pods.FirstOrDefault(pod => pod.PodName == context.PrimaryPodName)
            ?? throw NotFound($"primary pod {context.PrimaryPodName} not found in log context");
        var container = name is null
            ? pod.Containers.FirstOrDefault(container => container.ContainerName == pod.PrimaryContainerName)
                ?? throw NotFound($"primary container {pod.PrimaryContainerName} not found in pod {pod.PodName}")
            : pod.Containers.Concat(pod.InitContainers).FirstOrDefault(container => container.ContainerName == name)
                ?? throw NotFound($"container {Quoted.Of(name)} not found in pod {pod.PodName}");

        var detail = record.Pods.FirstOrDefault(detail => detail.PodName == pod.PodName) ?? new PodDetail();
        var ended = container.Process?.ContainerEndTime.ToLogTimestamp();
        return new TailRequest
        {
            Attempt = record.ActionId.ToAttempt(record.Attempt) with { Org = record.ActionId.Run.Org is { Length: > 0 } org ? org : asked.Org },
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
