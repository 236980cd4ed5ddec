namespace RunLogs.Comparison.Measures;

/// <summary>What one reading of a log took.</summary>
/// <param name="Time">From its start to its end.</param>
/// <param name="Processor">What the measured process computed: the host, or the program that was run.</param>
/// <param name="Peak">The most memory that was resident in the host meanwhile, in bytes.</param>
internal sealed record Cost(TimeSpan Time, TimeSpan Processor, long Peak);
