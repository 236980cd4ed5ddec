namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Plugins</c>.</summary>
internal sealed class PluginsOptions
{
    /// <summary>How often the plugin directory is looked at.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an old generation may serve open tails.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromMinutes(5);
}
