namespace RunLogs.Host.Settings;

/// <summary>A section <c>RunLogs:Clusters:&lt;name&gt;</c>; its <c>Backends</c> override those of <c>RunLogs:Backends</c>.</summary>
internal sealed class ClusterOptions
{
    public string Chain { get; set; } = "";
}
