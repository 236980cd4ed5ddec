using RunLogs.Abstractions;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>What a live source told of an attempt's container.</summary>
/// <param name="Attempt">The attempt; its org does not matter.</param>
/// <param name="Cluster">The pod's cluster.</param>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="Container">The container.</param>
/// <param name="Detail">The pod, and the id of this one container of it.</param>
internal sealed record ContainerRecord(AttemptIdentity Attempt, string Cluster, string Namespace, string Container, PodDetail Detail)
{
    /// <summary>What a batch of a live source tells; null when that is nothing, or of no attempt.</summary>
    public static ContainerRecord? Of(TailRequest log, LogBatch batch)
    {
        if (log.Attempt is not { } attempt || batch.Facts is not { PodUid: { } uid } facts)
        {
            return null;
        }

        var detail = new PodDetail { PodName = log.Pod, Uid = uid, NodeName = facts.Node ?? "", Labels = { facts.Labels.ToDictionary() } };
        if (batch.Instance?.ContainerId is { } id)
        {
            detail.ContainerIds.Add(log.Container, id);
        }

        return new ContainerRecord(attempt, log.Cluster, log.Namespace, log.Container, detail);
    }
}
