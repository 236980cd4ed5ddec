using RunLogs.EndToEnd.Tests.Seam;

namespace RunLogs.EndToEnd.Tests;

/// <summary>One stream from the pod into Cloud Logging.</summary>
[Collection(nameof(SeamTests))]
public sealed class StackdriverSeamTests(StackdriverHosts hosts) : IClassFixture<StackdriverHosts>
{
    // As many as a project's reads of a minute are enough for.
    [Fact]
    public Task Every_client_gets_all_that_was_written_and_nothing_twice() => SeamTests.PlayAsync(hosts, seeds: 1, lines: 2000);
}
