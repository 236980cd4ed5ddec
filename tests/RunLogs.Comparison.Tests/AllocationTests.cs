using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Measures;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Tests;

public sealed class AllocationTests
{
    // Enough that what a tail costs once does not count.
    private const long Lines = 500_000;

    private const int WarmUps = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_line_costs_the_host_at_most_10_allocated_bytes(bool isTls)
    {
        var token = TestContext.Current.CancellationToken;
        var expected = ExpectedLog.Of(Lines);
        await using var bench = await Bench.StartAsync(Settings.Quick with { Host = Programs.Host, Lines = Lines }, token);
        await using var host = await bench.StartHostAsync(isTls ? bench.Api.Tls : bench.Api.Plain, token);
        await host.PutContextAsync(expected.Pod, null, token);
        using var client = new DiscardingClient(host.Grpc);
        for (var i = 0; i < WarmUps; i++)
        {
            await client.TailAsync(WireProtocol.Grpc, expected, token);
        }

        Assert.InRange(await Allocations.PerLineAsync(host, client, expected, token), 0, 10);
    }
}
