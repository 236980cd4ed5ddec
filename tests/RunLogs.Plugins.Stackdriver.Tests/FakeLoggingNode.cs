using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver;

namespace RunLogs.Plugins.Stackdriver.Tests;

/// <summary>A node of GKE, and streamers that read what its agent wrote.</summary>
public sealed class FakeLoggingNode : StackdriverNode
{
    public Dictionary<string, string?> Settings { get; } = [];

    protected override TimeSpan SmallStep => TimeSpan.FromMilliseconds(200);

    public new async Task<FakeLoggingNode> StartAsync()
    {
        await base.StartAsync();
        Settings["ProjectId"] = Logging.Cluster.ProjectId;
        Settings["ClusterName"] = Logging.Cluster.ClusterName;
        Settings["Location"] = Logging.Cluster.Location;
        Settings["Endpoint"] = Logging.Url;
        return this;
    }

    public override ILogStreamer CreateStreamer(int maxLineBytes = 256 * 1024) => new StackdriverPlugin().Create(Some.PluginContext("Stackdriver", Time, Settings, maxLineBytes));

    public override async ValueTask DisposeAsync() => await Logging.DisposeAsync();
}
