namespace RunLogs.Benchmarks.Tests;

/// <summary>Allocation is counted for the whole process: these run alone.</summary>
[CollectionDefinition(nameof(AllocationCollection), DisableParallelization = true)]
public sealed class AllocationCollection;
