namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Plugins</c>.</summary>
internal sealed class PluginsOptions
{
    /// <summary>How often the plugin directory is looked at.</summary>
    [Duration]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an old generation may serve open tails.</summary>
    [Duration]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromMinutes(5);
}
