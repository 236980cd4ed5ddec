using Grpc.Core;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>What one backend of the chain said instead of a log; its kind is null when it could not be asked.</summary>
internal sealed record Verdict(string Backend, LogSourceKind? Kind, StatusCode Code, string Reason, string Message);
