namespace RunLogs.Comparison.Measures;

/// <summary>What lines per second are asked of the host beside others: at least, and as an aim.</summary>
internal sealed record ThroughputGoals((double Least, double Aim) OfKubectl, (double Least, double Aim) OfCurl)
{
    public static ThroughputGoals Plain { get; } = new((2.5, 5), (0.25, 0.55));

    public static ThroughputGoals Tls { get; } = new((1.5, 2.5), (0.8, 1.2));
}
