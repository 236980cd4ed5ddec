using RunLogs.Testing;

namespace RunLogs.Plugins.Stackdriver.Tests;

public sealed class StackdriverContractTests : LogStreamerContractTests
{
    protected override async Task<FakeNode> CreateNodeAsync() => await new FakeLoggingNode().StartAsync();
}
