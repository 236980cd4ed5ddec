using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>What the readings of one log come to.</summary>
internal sealed class ThroughputReport(string upstream, ThroughputGoals goals, ExpectedLog log, Dictionary<Reading, List<Cost>> costs, double allocated, long resident)
{
    public const string Kubectl = "kubectl logs";
    public const string Curl = "curl, raw log";
    public const string GrpcByCurl = "gRPC, curl";

    private const double MiB = 1024 * 1024;
    private const double MostProcessor = 0.40;
    private const double ProcessorAim = 0.25;

    public Section ToSection(string name)
    {
        var table = new Table("reader", "M lines/s", "lines/s over kubectl's", "over curl's", "processor s/GB", "over kubectl's", "host's peak, MiB");
        foreach (var (reading, of) in costs)
        {
            var peak = reading.Counted == Counted.Host ? of.Select(cost => (double)cost.Peak).Median() / MiB : double.NaN;
            var isCounted = reading.Counted != Counted.Nobody;
            table.Add(
                reading.Name,
                Table.Number(log.Lines / of.Select(cost => cost.Time.TotalSeconds).Median() / 1e6),
                Table.Number(Speed(reading.Name, Kubectl)),
                Table.Number(Speed(reading.Name, Curl)),
                Table.Number(isCounted ? of.Select(cost => cost.Processor.TotalSeconds).Median() / log.Bytes * 1e9 : double.NaN),
                Table.Number(isCounted ? Processor(reading.Name) : double.NaN),
                Table.Number(peak));
        }

        var text = $"{log.Lines:N0} lines of 100 bytes, {log.Bytes / 1e6:F0} MB with their times, {costs.First().Value.Count} rounds; medians, ratios within a round. "
            + $"API server: {upstream}. Processor time: the host's, or that of the program that reads. Readers of the host use cleartext HTTP/2. "
            + $"All that was resident in the host before the first of these, after its warm-up: {resident / MiB:F0} MiB.\n\n{table}";
        string[] hosts = [.. costs.Keys.Where(one => one.Counted == Counted.Host).Select(one => one.Name)];
        return new Section(name, $"Throughput, {upstream}", Figures(), text, new Dictionary<string, string>
        {
            [$"{name}-speed"] = BarPlot.Draw($"Lines per second over kubectl's ({upstream})", [.. hosts.Select(one => (one, Speed(one, Kubectl)))], ("kubectl", 1), ("at least", goals.OfKubectl.Least), ("aim", goals.OfKubectl.Aim)),
            [$"{name}-processor"] = BarPlot.Draw($"Processor seconds per GB over kubectl's ({upstream})", [.. hosts.Select(one => (one, Processor(one)))], ("at most", MostProcessor), ("aim", ProcessorAim)),
        });
    }

    private List<Figure> Figures()
    {
        var ((least, aim), (leastOfCurl, aimOfCurl)) = (goals.OfKubectl, goals.OfCurl);
        return
        [
            new($"lines/s over kubectl's, gRPC, {upstream}", Speed("gRPC", Kubectl), "x", least, aim),
            new($"lines/s over kubectl's, Connect, {upstream}", Speed("Connect", Kubectl), "x", least, aim),
            new($"lines/s of gRPC read by curl, over curl's on the raw log, {upstream}", Speed(GrpcByCurl, Curl), "x", leastOfCurl, aimOfCurl),
            new($"host's processor s/GB over kubectl's, gRPC, {upstream}", Processor("gRPC"), "x", MostProcessor, ProcessorAim, LessIsBetter: true),
            new($"host's processor s/GB over kubectl's, Connect, {upstream}", Processor("Connect"), "x", MostProcessor, ProcessorAim, LessIsBetter: true),
            new($"allocated bytes per line, whole path, {upstream}", allocated, "", 10, 2, LessIsBetter: true),
        ];
    }

    private double Speed(string name, string over) => Of(over).Select(cost => cost.Time.TotalSeconds).MedianRatio(Of(name).Select(cost => cost.Time.TotalSeconds));

    private double Processor(string name) => Of(name).Select(cost => cost.Processor.TotalSeconds).MedianRatio(Of(Kubectl).Select(cost => cost.Processor.TotalSeconds));

    private List<Cost> Of(string name) => costs.Single(one => one.Key.Name == name).Value;
}
