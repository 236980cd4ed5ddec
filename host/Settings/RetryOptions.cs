namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Retry</c>: how long a failing backend is retried.</summary>
internal sealed class RetryOptions
{
    [Duration]
    public TimeSpan BeforeFirstLine { get; set; } = TimeSpan.FromSeconds(60);

    [Duration]
    public TimeSpan WhileFollowing { get; set; } = TimeSpan.FromMinutes(2);
}
