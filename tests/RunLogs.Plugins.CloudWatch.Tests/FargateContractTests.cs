using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>The log router of EKS on Fargate, in small pages.</summary>
public sealed class FargateContractTests : LogStreamerContractTests
{
    protected override async Task<FakeNode> CreateNodeAsync()
    {
        var node = await new FakeLogsNode { TellsNode = false, StreamPrefix = "from-fluent-bit-kube." }.StartAsync();
        (node.Settings["Preset"], node.Settings["LogGroup"]) = ("Fargate", CloudWatchNode.LogGroup);
        node.Group.PageEvents = 500;
        return node;
    }
}
