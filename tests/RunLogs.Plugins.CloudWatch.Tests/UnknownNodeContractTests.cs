using RunLogs.Testing;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>Container Insights, the node not known: streams are found by the names within their events.</summary>
public sealed class UnknownNodeContractTests : LogStreamerContractTests
{
    protected override async Task<FakeNode> CreateNodeAsync() => await new FakeLogsNode { TellsNode = false }.StartAsync();
}
