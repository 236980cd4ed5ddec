using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>An attempt as Flyte tells of it.</summary>
/// <param name="Record">Where and when it ran, as far as known.</param>
/// <param name="IsOver">Whether nothing more of it will come.</param>
internal sealed record FlyteAttempt(LogContextRecord Record, bool IsOver);
