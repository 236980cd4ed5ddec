using Grpc.Core;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>What one backend of the chain said instead of a log; its kind is null when it could not be asked.</summary>
internal sealed record Verdict(string Backend, LogSourceKind? Kind, StatusCode Code, string Reason, string Message)
{
    /// <summary>The reason of an archive that may still receive what it does not have.</summary>
    public const string LagPending = "LAG_PENDING";

    public string Message { get; init; } = LoginWords.Replace(Message);
}
