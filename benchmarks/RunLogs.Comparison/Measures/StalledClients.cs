using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>Clients that open an endless log and read nothing of it.</summary>
internal sealed class StalledClients : IMeasure
{
    private const double MiB = 1024 * 1024;
    private const double ClientBuffer = 1;

    public string Name => "stalled";

    public async Task<Section> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var (figures, text) = (new List<Figure>(), "");
        foreach (var upstream in new[] { bench.Api.Plain, bench.Api.Tls })
        {
            var (read, memory) = await MeasureAsync(bench, upstream, cancellationToken);
            figures.Add(new($"stalled client on an endless log: memory of its stream above ClientBufferBytes, {upstream.Wire}", memory - ClientBuffer, " MiB", 1, 0.3, LessIsBetter: true));
            text += $"{upstream.Wire}: {read:F2} MiB of text read for each, {memory:F2} MiB of memory. ";
        }

        text = $"Clients that read nothing; memory is what the host's grew by, for each, with {bench.Settings.StalledClients} beside as many that were stalled already; {ClientBuffer} MiB of it is `RunLogs:Limits:ClientBufferBytes`. {text.TrimEnd()}\n";
        return new Section(Name, "Stalled clients", figures, text, new Dictionary<string, string>());
    }

    private static async Task<(double Read, double Memory)> MeasureAsync(Bench bench, Upstream upstream, CancellationToken cancellationToken)
    {
        var (small, count) = (ExpectedLog.Of(1000), bench.Settings.StalledClients);
        string[] pods = [.. Enumerable.Range(0, count * 2).Select(i => $"endless-{i}")];
        await using var host = await bench.StartHostAsync(upstream, cancellationToken);
        using var client = new DiscardingClient(host.Grpc, DiscardingClient.SmallestWindow);
        await host.PutContextsAsync([small.Pod, .. pods], cancellationToken);
        await client.TailAsync(WireProtocol.Grpc, small, cancellationToken);
        var open = new List<HttpResponseMessage>();
        try
        {
            await StallAsync(pods.Take(count));
            var before = host.Figures.ResidentBytes;
            await StallAsync(pods.Skip(count));
            var memory = (host.Figures.ResidentBytes - before) / MiB / count;
            return (await host.MetricAsync("runlogs_bytes_total", cancellationToken) / MiB / open.Count, memory);
        }
        finally
        {
            open.ForEach(response => response.Dispose());
        }

        async Task StallAsync(IEnumerable<string> some)
        {
            foreach (var pod in some)
            {
                open.Add(await client.OpenAsync(WireProtocol.Grpc, pod, cancellationToken));
            }

            await Task.Delay(bench.Settings.Window * 2, TimeProvider.System, cancellationToken);
        }
    }
}
