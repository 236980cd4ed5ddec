namespace RunLogs.Benchmarks;

/// <summary>What one tail took, from the request to the end of the answer.</summary>
internal sealed record TailCost(TimeSpan Time, TimeSpan ProcessorTime, long Bytes);
