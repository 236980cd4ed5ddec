namespace RunLogs.Host.Contexts;

/// <summary>Container ids as the Kubernetes API writes them: <c>containerd://&lt;id&gt;</c>.</summary>
internal static class ContainerIds
{
    public static string WithoutScheme(string id) => id[(id.IndexOf("://", StringComparison.Ordinal) is var at and >= 0 ? at + 3 : 0)..];
}
