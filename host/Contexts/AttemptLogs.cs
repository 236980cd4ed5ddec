using RunLogs.Abstractions;

namespace RunLogs.Host.Contexts;

/// <summary>The logs of an attempt's containers.</summary>
/// <param name="Attempt">The attempt as it is recorded, its number resolved.</param>
/// <param name="Logs">Each container's whole log, at least one.</param>
internal sealed record AttemptLogs(AttemptIdentity Attempt, IReadOnlyList<TailRequest> Logs);
