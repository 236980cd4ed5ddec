using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>The live backend: the log of a running or finished pod from the Kubernetes API.</summary>
public sealed class KubernetesPlugin : ILogStreamerPlugin
{
    /// <inheritdoc/>
    public string Name => "Kubernetes";

    /// <inheritdoc/>
    public LogSourceKind Kind => LogSourceKind.Live;

    /// <inheritdoc/>
    public ILogStreamer Create(PluginContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var settings = KubernetesSettings.Read(context.Configuration);
        var configuration = ClusterConfiguration.Find(settings, context.Configuration.Path, ClusterSurroundings.Read());
        return new PodLogStreamer(new ClusterConnection(configuration, context.Cluster, settings.HeaderTimeout, context.TimeProvider), settings, context);
    }
}
