using RunLogs.Abstractions;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A line of a log as its source has it; a long one has several parts.</summary>
internal sealed record KeptLine(LogTimestamp Time, params string[] Parts);
