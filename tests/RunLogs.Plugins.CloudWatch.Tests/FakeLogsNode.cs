using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>A node whose agent writes to a <see cref="FakeCloudWatchLogs"/>.</summary>
public sealed class FakeLogsNode : CloudWatchNode
{
    private FakeCloudWatchLogs? _logs;

    public FakeCloudWatchLogs Logs => _logs!;

    public FakeLogGroup Group => Logs.Group(LogGroup);

    public Dictionary<string, string?> Settings { get; } = new() { ["Region"] = FakeCloudWatchLogs.Region };

    public async Task<FakeLogsNode> StartAsync()
    {
        _logs = await FakeCloudWatchLogs.StartAsync(Time);
        _logs.CreateGroup(LogGroup);
        Settings["Endpoint"] = _logs.Url;
        return this;
    }

    public override ILogStreamer CreateStreamer(int maxLineBytes = 256 * 1024) => new CloudWatchPlugin().Create(Some.PluginContext("CloudWatch", Time, Settings, maxLineBytes));

    public override async ValueTask DisposeAsync() => await Logs.DisposeAsync();

    protected override Task PutAsync(string stream, IReadOnlyList<(long Timestamp, string Message)> events)
    {
        Logs.Put(LogGroup, stream, events);
        return Task.CompletedTask;
    }
}
