using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver;

namespace RunLogs.Plugins.Stackdriver.Tests;

/// <summary>A node of GKE, and streamers that read what its agent wrote.</summary>
internal sealed class FakeLoggingNode : StackdriverNode
{
    public Dictionary<string, string?> Settings { get; } = [];

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

    /// <summary>Awaits what takes many minutes of the service's with the clock going fast.</summary>
    public async Task<T> WithinMinutes<T>(Task<T> task, TimeSpan? step = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!task.IsCompleted && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(3))
        {
            Time.Advance(step ?? TimeSpan.FromMilliseconds(200));
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System));
        }

        return await task.WaitAsync(TimeSpan.Zero);
    }

    public override async ValueTask DisposeAsync() => await Logging.DisposeAsync();
}
