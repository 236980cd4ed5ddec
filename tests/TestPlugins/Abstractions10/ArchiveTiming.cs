namespace RunLogs.Abstractions;

/// <summary>When an archive counts as drained: archives receive lines late.</summary>
/// <remarks>Set by <c>RunLogs:Archive</c>.</remarks>
public sealed class ArchiveTiming
{
    /// <summary>How long nothing new must have come. Default 30 s.</summary>
    public TimeSpan QuietPeriod { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>The least time after <see cref="TailRequest.EndedAt"/> before the log counts as whole. Default 60 s.</summary>
    public TimeSpan MinimumAfterEnd { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>The most an archive lags: an end longer ago than this needs one read only. Default 5 min.</summary>
    public TimeSpan LagLimit { get; init; } = TimeSpan.FromMinutes(5);
}
