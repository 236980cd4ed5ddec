using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>Something that is measured.</summary>
internal interface IMeasure
{
    /// <summary>How it is named on the command line.</summary>
    string Name { get; }

    /// <summary>Programs of others that it runs.</summary>
    IReadOnlyList<string> Programs => [];

    Task<Section> RunAsync(Bench bench, CancellationToken cancellationToken);
}
