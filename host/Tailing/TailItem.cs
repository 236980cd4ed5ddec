using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>A batch on its way to the client, and the backend it came from.</summary>
internal readonly record struct TailItem(LogBatch Batch, string Backend);
