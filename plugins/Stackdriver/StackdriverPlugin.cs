using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>The Stackdriver backend: Google Cloud Logging, the archive that GKE's agents write to.</summary>
public sealed class StackdriverPlugin : ILogStreamerPlugin
{
    // One for the streamers of all clusters: they may share a project.
    private readonly Governor _governor = new();

    public string Name => "Stackdriver";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context)
    {
        var settings = StackdriverSettings.Read(context.Configuration, context.Cluster);
        var access = new GoogleAccess(settings, context.Configuration.Path);
        return new StackdriverLogStreamer(settings, context, _governor, access, new LoggingServiceV2Client(access));
    }
}
