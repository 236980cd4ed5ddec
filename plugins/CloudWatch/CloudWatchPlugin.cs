using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The CloudWatch backend: the archive that EKS' agents write to.</summary>
public sealed class CloudWatchPlugin : ILogStreamerPlugin
{
    // One for the streamers of all clusters: they may share an account.
    private readonly Governor _governor = new();

    public string Name => "CloudWatch";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context)
    {
        var settings = CloudWatchSettings.Read(context.Configuration, context.Cluster);
        var access = new AwsAccess(settings, context.Configuration.Path);
        return new CloudWatchLogStreamer(settings, context, _governor, access, new AmazonCloudWatchLogsClient(new JsonProtocol(access, context.TimeProvider)));
    }
}
