namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Archive</c>: when an archive counts as drained.</summary>
internal sealed class ArchiveOptions
{
    [Duration]
    public TimeSpan QuietPeriod { get; set; } = TimeSpan.FromSeconds(30);

    [Duration]
    public TimeSpan MinimumAfterEnd { get; set; } = TimeSpan.FromSeconds(60);

    [Duration]
    public TimeSpan LagLimit { get; set; } = TimeSpan.FromMinutes(5);
}
