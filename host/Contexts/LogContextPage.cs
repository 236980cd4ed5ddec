using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>A part of a list, newest first, and the sequence to go on below; null at the end.</summary>
internal sealed record LogContextPage(IReadOnlyList<LogContextRecord> Records, long? Next);
