using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>The contract on moto_server, which verifies signatures and permissions.</summary>
public sealed class MotoContractTests(TestClockMoto moto) : LogStreamerContractTests, IClassFixture<TestClockMoto>
{
    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        await using var streamer = new MotoNode(moto) { Profile = moto.Profile + "-wrong" }.CreateStreamer();

        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => ReadAsync(Node.Request(Container), streamer));

        Assert.Equal((LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED"), (refusal.Error, refusal.Reason));
    }

    protected override async Task<FakeNode> CreateNodeAsync()
    {
        MotoServer.Require();
        return await new MotoNode(moto).StartAsync();
    }
}
