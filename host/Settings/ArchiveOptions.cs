namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Archive</c>: when an archive counts as drained.</summary>
internal sealed class ArchiveOptions
{
    public TimeSpan QuietPeriod { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan MinimumAfterEnd { get; set; } = TimeSpan.FromSeconds(60);

    public TimeSpan LagLimit { get; set; } = TimeSpan.FromMinutes(5);
}
