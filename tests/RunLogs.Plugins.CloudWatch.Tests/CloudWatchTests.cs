using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>A fake of the service, a node that writes to it, and a streamer that reads from it.</summary>
public abstract class CloudWatchTests : ArchiveTests<FakeLogsNode>
{
    private protected FakeCloudWatchLogs Logs => Node.Logs;

    protected override Task StartAsync() => Node.StartAsync();

    /// <summary>Puts events without an agent.</summary>
    protected void Put(params IEnumerable<(long Timestamp, string Message)> events) => Logs.Put(CloudWatchNode.LogGroup, Node.StreamOf(Container), events);

    protected static long Milliseconds(WrittenLine line) => line.Timestamp.ToDateTimeOffset().ToUnixTimeMilliseconds();
}
