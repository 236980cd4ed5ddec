namespace RunLogs.Host.Settings;

/// <summary>A section <c>RunLogs:Clusters:&lt;name&gt;</c>.</summary>
internal sealed class ClusterOptions
{
    [BackendNames]
    public string Chain { get; set; } = "";

    /// <summary>Laid over <c>RunLogs:Backends</c>; known to the backends alone.</summary>
    public IConfigurationSection? Backends { get; set; }
}
