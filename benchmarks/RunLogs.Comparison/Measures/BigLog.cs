using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>More than 10 GiB through one stream.</summary>
internal sealed class BigLog : IMeasure
{
    private const double MiB = 1024 * 1024;

    public string Name => "big";

    public async Task<Section> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var (small, big) = (ExpectedLog.Of(1000), ExpectedLog.Of(bench.Settings.BigLines));
        await using var host = await bench.StartHostAsync(bench.Api.Plain, cancellationToken);
        using var client = new DiscardingClient(host.Grpc);
        await host.PutContextsAsync([small.Pod, big.Pod], cancellationToken);
        await client.TailAsync(WireProtocol.Grpc, small, cancellationToken);
        var idle = host.Figures.ResidentBytes;
        host.Figures.ForgetPeak();
        var began = TimeProvider.System.GetTimestamp();
        await client.TailAsync(WireProtocol.Grpc, big, cancellationToken);
        var (taken, peak) = (TimeProvider.System.GetElapsedTime(began), host.Figures.PeakBytes);
        var size = big.Bytes / MiB / 1024;
        return new Section(Name, $"{size:F2} GiB through one stream", [
            new($"{size:F2} GiB through one stream: host's peak memory above idle", (peak - idle) / MiB, " MiB", 64, 16, LessIsBetter: true),
        ], $"Idle, having served a small log: {idle / MiB:F0} MiB; taken: {taken.TotalSeconds:F1} s; the hash of its {big.Lines:N0} lines is right.\n", new Dictionary<string, string>());
    }
}
