namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Retry</c>: how long a failing backend is retried.</summary>
internal sealed class RetryOptions
{
    public TimeSpan BeforeFirstLine { get; set; } = TimeSpan.FromSeconds(60);

    public TimeSpan WhileFollowing { get; set; } = TimeSpan.FromMinutes(2);
}
