using RunLogs.Testing;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>Container Insights, the node known: streams are found by the beginning of their names.</summary>
public sealed class CloudWatchContractTests : LogStreamerContractTests
{
    protected override async Task<FakeNode> CreateNodeAsync() => await new FakeLogsNode().StartAsync();
}
