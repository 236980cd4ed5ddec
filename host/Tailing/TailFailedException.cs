using Grpc.Core;

namespace RunLogs.Host.Tailing;

/// <summary>A tail that cannot go on: the status and the sentence its client gets, and what each backend said.</summary>
internal sealed class TailFailedException(StatusCode code, string message, IReadOnlyList<Verdict>? verdicts = null) : Exception(message)
{
    public StatusCode Code { get; } = code;

    public IReadOnlyList<Verdict> Verdicts { get; } = verdicts ?? [];
}
