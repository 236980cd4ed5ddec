using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>How long a line of a followed log is on its way, with many follows open: through the host and directly, by turns.</summary>
internal sealed class FollowLatency : IMeasure
{
    public string Name => "follows";

    public async Task<Section> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var settings = bench.Settings;
        string[] pods = [.. Enumerable.Range(0, settings.Follows).Select(i => $"ticks-{i}")];
        await using var host = await bench.StartHostAsync(bench.Api.Plain, cancellationToken, ManyFollows.Limits(settings.Follows));
        await host.PutContextsAsync(pods, cancellationToken);
        using var direct = new DirectReader(bench.Api);
        var (ways, costs) = (new[] { Following.Through(host.Channel), Following.Direct(direct, bench.Api.Plain) }, new[] { new List<FollowCost>(), new List<FollowCost>() });
        for (var round = 0; round <= settings.Rounds; round++)
        {
            foreach (var way in round % 2 == 0 ? new[] { 0, 1 } : [1, 0])
            {
                var cost = await FollowCost.OfAsync(pods, ways[way], host.Figures, settings.Window, cancellationToken);
                if (round > 0)
                {
                    costs[way].Add(cost);
                }
            }
        }

        var (ofHost, ofDirect) = (costs[0], costs[1]);
        var table = new Table("client", "p50, us", "p99, us", "p50 over the direct one's", "p99 over the direct one's", "host's processor, % of a core");
        table.Add("HttpClient, direct", Table.Number(ofDirect.Select(cost => cost.P50).Median()), Table.Number(ofDirect.Select(cost => cost.P99).Median()), "1", "1", "-");
        table.Add(
            "gRPC, parsed",
            Table.Number(ofHost.Select(cost => cost.P50).Median()),
            Table.Number(ofHost.Select(cost => cost.P99).Median()),
            Table.Number(Ratio(cost => cost.P50)),
            Table.Number(Ratio(cost => cost.P99)),
            Table.Number(ofHost.Select(cost => cost.Busy).Median()));
        return new Section(Name, $"{settings.Follows:N0} follows, a line a second each", [
            new($"p50 of {settings.Follows:N0} follows over a direct reader's", Ratio(cost => cost.P50), "x", 4, 2.5, LessIsBetter: true),
            new($"p99 of {settings.Follows:N0} follows over a direct reader's", Ratio(cost => cost.P99), "x", 10, 4, LessIsBetter: true),
        ], $"From the moment a line is sent by the API server to the client's hands, of {settings.Window.TotalSeconds:0.#} s a turn; {ofHost.Count} rounds; medians, ratios within a round. No line was lost or repeated.\n\n{table}", new Dictionary<string, string>());

        double Ratio(Func<FollowCost, double> part) => ofHost.Select(part).MedianRatio(ofDirect.Select(part));
    }
}
