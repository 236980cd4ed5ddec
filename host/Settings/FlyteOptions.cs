namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Flyte</c>: the Flyte that the logs are of.</summary>
internal sealed class FlyteOptions
{
    public const string EndpointKey = $"{RunLogsOptions.Section}:{nameof(RunLogsOptions.Flyte)}:{nameof(Endpoint)}";
    public const string TimeoutKey = $"{RunLogsOptions.Section}:{nameof(RunLogsOptions.Flyte)}:{nameof(Timeout)}";

    /// <summary>Where its services are, such as <c>http://flyte-manager:8090</c>.</summary>
    [HttpAddress]
    [Secret]
    public string Endpoint { get; set; } = "";

    /// <summary>How long a call of its RunService may take.</summary>
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Headers of a caller that are sent on to its RunService, comma-separated, such as <c>authorization</c>; empty for none.</summary>
    [HeaderNames]
    public string CredentialHeaders { get; set; } = "";
}
