using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>One large log that has ended, read by everyone by turns.</summary>
internal sealed class Throughput(bool isTls) : IMeasure
{
    public string Name => isTls ? "tls" : "throughput";

    public IReadOnlyList<string> Programs => [Kubectl.Program, Curl.Program];

    public Task<Section> RunAsync(Bench bench, CancellationToken cancellationToken) => MeasureAsync(
        Name, bench, isTls ? bench.Api.Tls : bench.Api.Plain, ExpectedLog.Of(bench.Settings.Lines), isTls ? ThroughputGoals.Tls : ThroughputGoals.Plain, cancellationToken);

    public static async Task<Section> MeasureAsync(string name, Bench bench, Upstream upstream, ExpectedLog expected, ThroughputGoals goals, CancellationToken cancellationToken)
    {
        await using var host = await bench.StartHostAsync(upstream, cancellationToken);
        await host.PutContextAsync(expected.Pod, null, cancellationToken);
        using var direct = new DirectReader(bench.Api);
        using var discarding = new DiscardingClient(host.Grpc);
        var (log, curl) = (upstream.Log(expected.Pod), new Curl(bench.Api.AuthorityFile, bench.Scratch));
        var kubectl = new Kubectl(upstream, bench.Scratch);

        // What kubectl throws away cannot be looked at: once it is.
        await kubectl.CheckAsync(expected, cancellationToken);
        await WarmUpAsync(bench.Settings.WarmUps, discarding, expected, cancellationToken);
        var resident = host.Figures.ResidentBytes;
        var costs = await Rounds.RunAsync(
        [
            new(ThroughputReport.Kubectl, Counted.Program, token => kubectl.DiscardAsync(expected.Pod, token)),
            new(ThroughputReport.Curl, Counted.Program, token => curl.ReadAsync(log, expected, token)),
            new("HttpClient, direct", Counted.Nobody, token => direct.ReadAsync(log, expected, token)),
            new(ThroughputReport.GrpcByCurl, Counted.Host, token => curl.TailAsync(host.Grpc, expected, token)),
            new("gRPC", Counted.Host, token => discarding.TailAsync(WireProtocol.Grpc, expected, token)),
            new("Connect", Counted.Host, token => discarding.TailAsync(WireProtocol.Connect, expected, token)),
            new("gRPC-Web", Counted.Host, token => discarding.TailAsync(WireProtocol.GrpcWeb, expected, token)),
            new("gRPC, parsed", Counted.Host, token => new ParsingClient(host.Channel).TailAsync(expected, token)),
            new("Connect, parsed", Counted.Host, token => new EnvelopeParsingClient(discarding).TailAsync(WireProtocol.Connect, expected, token)),
            new("gRPC-Web, parsed", Counted.Host, token => new EnvelopeParsingClient(discarding).TailAsync(WireProtocol.GrpcWeb, expected, token)),
        ], bench.Settings.Rounds, host.Figures, cancellationToken);
        var allocated = await Allocations.PerLineAsync(host, discarding, expected, cancellationToken);
        return new ThroughputReport(upstream.Wire, goals, expected, costs, allocated, resident).ToSection(name);
    }

    // .NET compiles what a tail does once again after 30 of them, better.
    private static async Task WarmUpAsync(int times, DiscardingClient client, ExpectedLog expected, CancellationToken cancellationToken)
    {
        WireProtocol[] protocols = [WireProtocol.Grpc, WireProtocol.Connect, WireProtocol.GrpcWeb];
        for (var i = 0; i < times; i++)
        {
            await client.TailAsync(protocols[i % protocols.Length], expected, cancellationToken);
        }
    }
}
