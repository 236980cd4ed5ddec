using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>From one follow to as many as one host may have.</summary>
internal sealed class ManyFollows : IMeasure
{
    private const int WarmUp = 100;

    public string Name => "many";

    /// <summary>Settings with which a host takes so many while as many others are still leaving.</summary>
    public static string[] Limits(int follows) => [$"Limits:MaxConcurrentStreams={2 * follows}", $"Limits:PerCaller={2 * follows}"];

    public async Task<Section> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var (settings, most) = (bench.Settings, bench.Settings.MostFollows);
        int[] counts = [.. Enumerable.Range(0, 9).Select(power => (int)Math.Pow(10, power)).TakeWhile(count => count < most), most];
        string[] pods = [.. Enumerable.Range(0, most).Select(i => $"ticks-{i}")];
        await using var host = await bench.StartHostAsync(bench.Api.Plain, cancellationToken, Limits(most));
        await host.PutContextsAsync(pods, cancellationToken);
        using var direct = new DirectReader(bench.Api);
        var table = new Table("follows", "p50, us", "p99, us", "direct p50, us", "direct p99, us", "host's processor, % of a core", "all had a line within, s", "host's memory, MiB");
        var (ofHost, ofDirect) = (new List<FollowCost>(), new List<FollowCost>());
        await FollowCost.OfAsync(pods.Take(WarmUp), Following.Through(host.Channel), host.Figures, settings.Window, cancellationToken);
        foreach (var count in counts)
        {
            var window = settings.Window * 2;
            ofHost.Add(await FollowCost.OfAsync(pods[..count], Following.Through(host.Channel), host.Figures, window, cancellationToken));
            ofDirect.Add(await FollowCost.OfAsync(pods[..count], Following.Direct(direct, bench.Api.Plain), host.Figures, window, cancellationToken));
            var (cost, control) = (ofHost[^1], ofDirect[^1]);
            table.Add(
                $"{count:N0}", Table.Number(cost.P50), Table.Number(cost.P99), Table.Number(control.P50), Table.Number(control.P99), Table.Number(cost.Busy),
                Table.Number(cost.OpenedWithin.TotalSeconds), Table.Number(cost.Resident / (1024.0 * 1024)));
        }

        return new Section(Name, $"From 1 to {most:N0} follows", [
            new($"{most:N0} follows, none failed, no line lost: all open within", ofHost[^1].OpenedWithin.TotalSeconds, " s", 120, 20, LessIsBetter: true),
        ], $"All opened at once, each with a line a second, on one host; open is what has got a line.\n\n{table}", new Dictionary<string, string>
        {
            [Name] = LinePlot.Draw("Delay of a line by the number of follows", "microseconds", counts, [
                ("RunLogs, p50", Points(ofHost, cost => cost.P50)), ("RunLogs, p99", Points(ofHost, cost => cost.P99)),
                ("direct, p50", Points(ofDirect, cost => cost.P50)), ("direct, p99", Points(ofDirect, cost => cost.P99)),
            ]),
        });

        static double[] Points(List<FollowCost> costs, Func<FollowCost, double> part) => [.. costs.Select(part)];
    }
}
