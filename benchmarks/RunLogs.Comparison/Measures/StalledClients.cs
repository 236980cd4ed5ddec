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
        var (small, count) = (ExpectedLog.Of(1000), bench.Settings.StalledClients);
        string[] pods = [.. Enumerable.Range(0, count).Select(i => $"endless-{i}")];
        await using var host = await bench.StartHostAsync(isTls: false, cancellationToken);
        using var client = new DiscardingClient(host.Grpc, DiscardingClient.SmallestWindow);
        await host.PutContextsAsync([small.Pod, .. pods], cancellationToken);
        await client.TailAsync(WireProtocol.Grpc, small, cancellationToken);
        var before = host.Figures.ResidentBytes;
        var open = new List<HttpResponseMessage>();
        try
        {
            foreach (var pod in pods)
            {
                open.Add(await client.OpenAsync(WireProtocol.Grpc, pod, cancellationToken));
            }

            await Task.Delay(bench.Settings.Window * 2, TimeProvider.System, cancellationToken);
            var read = await host.MetricAsync("runlogs_bytes_total", cancellationToken) / MiB / count;
            var each = (host.Figures.ResidentBytes - before) / MiB / count;
            return new Section(Name, "Stalled clients", [
                new("stalled client on an endless log: memory of its stream above ClientBufferBytes", each - ClientBuffer, " MiB", 1, 0.3, LessIsBetter: true),
            ], $"{count} clients that read nothing, {read:F2} MiB of text read for each: the host's memory grew by {each:F2} MiB for each, {ClientBuffer} MiB of which is `RunLogs:Limits:ClientBufferBytes`.\n", new Dictionary<string, string>());
        }
        finally
        {
            open.ForEach(response => response.Dispose());
        }
    }
}
