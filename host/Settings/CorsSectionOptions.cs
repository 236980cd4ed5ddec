namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Cors</c>.</summary>
internal sealed class CorsSectionOptions
{
    /// <summary>Whose pages may call this host with their user's credentials, comma-separated; empty for nobody's.</summary>
    [Origins]
    public string Origins { get; set; } = "";
}
