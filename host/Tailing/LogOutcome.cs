namespace RunLogs.Host.Tailing;

/// <summary>How the log of one container, or of a whole tail, ended.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Completeness">Whether it is whole.</param>
/// <param name="Why">A sentence on why it is not; empty when it is.</param>
internal sealed record LogOutcome(EndReason Reason, Completeness Completeness, string Why = "")
{
    /// <summary>The outcome of logs that were merged: as good as the worst of them.</summary>
    public static LogOutcome Of(IReadOnlyList<LogOutcome> logs) => logs is [var only] ? only : new LogOutcome(
        logs.MaxBy(log => log.Reason)!.Reason,
        logs.Any(log => log.Completeness == Completeness.Truncated) ? Completeness.Truncated : logs.Max(log => log.Completeness),
        string.Join(" ", logs.Select(log => log.Why).Where(why => why.Length > 0).Distinct()));
}
