namespace RunLogs.Connect;

/// <summary>What <see cref="ConnectApplicationBuilderExtensions.UseConnect"/> serves.</summary>
public sealed class ConnectOptions
{
    /// <summary>Whether every gRPC endpoint is served over Connect unless it says otherwise. Default: false.</summary>
    public bool DefaultEnabled { get; set; }
}
