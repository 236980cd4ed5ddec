using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Common;

namespace RunLogs.Host.Api;

/// <summary>Placeholder until contexts are merged.</summary>
internal sealed class AttemptContainers
{
    public Task<TailRequest> FindAsync(ActionIdentifier? action, uint attempt, CancellationToken cancellationToken) => throw new NotSupportedException(action + " " + attempt);
}
