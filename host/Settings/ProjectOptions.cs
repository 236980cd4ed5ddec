namespace RunLogs.Host.Settings;

/// <summary>A section <c>RunLogs:Projects:&lt;project&gt;</c>.</summary>
internal sealed class ProjectOptions
{
    [BackendNames]
    public string Chain { get; set; } = "";
}
