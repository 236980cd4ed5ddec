using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

public sealed class FilesContractTests : LogStreamerContractTests
{
    protected override Task<FakeNode> CreateNodeAsync() => Task.FromResult<FakeNode>(new LogTree());
}
