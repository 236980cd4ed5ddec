using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>How long a reader waits for the first line, all connections being open.</summary>
internal sealed class FirstLine : IMeasure
{
    private const int PerRound = 10;

    // The runtime compiles what runs often once more, and that takes long.
    private const int WarmUpPerRound = 50;
    private const string Pod = "log-1000";

    public string Name => "first-line";

    public IReadOnlyList<string> Programs => [Kubectl.Program];

    public async Task<Section> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var host = await bench.StartHostAsync(bench.Api.Plain, cancellationToken);
        await host.PutContextAsync(Pod, null, cancellationToken);
        using var direct = new DirectReader(bench.Api);
        var (log, client) = (bench.Api.Plain.Log(Pod), new ParsingClient(host.Channel));
        var kubectl = new Kubectl(bench.Api.Plain, bench.Scratch);
        var (ofHost, ofDirect, ofKubectl, busy) = (new List<double>(), new List<double>(), new List<double>(), TimeSpan.Zero);
        for (var i = 0; i < WarmUpPerRound * bench.Settings.Rounds; i++)
        {
            await client.FirstLineAsync(Pod, cancellationToken);
        }

        for (var round = 0; round <= bench.Settings.Rounds; round++)
        {
            busy = round == 1 ? host.Figures.ProcessorTime : busy;
            var times = (Host: new List<double>(), Direct: new List<double>());
            for (var i = 0; i < PerRound; i++)
            {
                times.Host.Add((await client.FirstLineAsync(Pod, cancellationToken)).TotalMilliseconds);
                times.Direct.Add((await direct.FirstByteAsync(log, cancellationToken)).TotalMilliseconds);
            }

            var started = (await kubectl.FirstByteAsync(Pod, cancellationToken)).TotalMilliseconds;
            if (round > 0)
            {
                ofHost.Add(times.Host.Median());
                ofDirect.Add(times.Direct.Median());
                ofKubectl.Add(started);
            }
        }

        var processor = (host.Figures.ProcessorTime - busy).TotalMilliseconds / (ofHost.Count * PerRound);
        var table = new Table("reader", "ms to the first line", "over HttpClient's", "host's processor, ms");
        table.Add("HttpClient, direct", Table.Number(ofDirect.Median()), "1", "-");
        table.Add("gRPC, parsed", Table.Number(ofHost.Median()), Table.Number(ofHost.MedianRatio(ofDirect)), Table.Number(processor));
        table.Add("kubectl logs, with its start", Table.Number(ofKubectl.Median()), Table.Number(ofKubectl.MedianRatio(ofDirect)), "-");
        return new Section(Name, "Time to the first line", [], $"Of a log that has ended; {ofHost.Count} rounds of {PerRound}; medians, ratios within a round. The host asks for the pod, for its log, and for the pod again.\n\n{table}", new Dictionary<string, string>());
    }
}
