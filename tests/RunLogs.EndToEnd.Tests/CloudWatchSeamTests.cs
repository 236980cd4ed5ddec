using RunLogs.EndToEnd.Tests.Seam;

namespace RunLogs.EndToEnd.Tests;

/// <summary>One stream from the pod into CloudWatch.</summary>
[Collection(nameof(SeamTests))]
public sealed class CloudWatchSeamTests(CloudWatchHosts hosts) : IClassFixture<CloudWatchHosts>
{
    [Fact]
    public Task Every_client_gets_all_that_was_written_and_nothing_twice() => SeamTests.PlayAsync(hosts, seeds: 1);
}
