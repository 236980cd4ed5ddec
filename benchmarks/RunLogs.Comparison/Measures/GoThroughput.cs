using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>The large log from a server in Go: what the host reads in a cluster comes from one.</summary>
internal sealed class GoThroughput : IMeasure
{
    public string Name => "go";

    public IReadOnlyList<string> Programs => [Kubectl.Program, Curl.Program, CaddyServer.Program];

    public async Task<Section> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var expected = ExpectedLog.Of(bench.Settings.Lines);
        await using var caddy = await CaddyServer.StartAsync(bench, expected, cancellationToken);
        return await Throughput.MeasureAsync(Name, bench, caddy.Upstream, expected, ThroughputGoals.Tls, cancellationToken);
    }
}
