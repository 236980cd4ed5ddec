using RunLogs.EndToEnd.Tests.Seam;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.EndToEnd.Tests;

/// <summary>One stream from the pod into moto's CloudWatch, which verifies signatures and permissions.</summary>
[Collection(nameof(SeamTests))]
public sealed class MotoSeamTests(MotoHosts hosts) : IClassFixture<MotoHosts>
{
    [Fact]
    public Task Every_client_gets_all_that_was_written_and_nothing_twice()
    {
        MotoServer.Require();

        return SeamTests.PlayAsync(hosts, seeds: 1);
    }
}
