using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>What follows cost of which nothing comes.</summary>
internal sealed class IdleFollows : IMeasure
{
    public string Name => "idle";

    public async Task<Section> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var upstream in new[] { bench.Api.Plain, bench.Api.Tls })
        {
            figures.AddRange(await FiguresAsync(bench, upstream, cancellationToken));
        }

        var seconds = $"{bench.Settings.IdleWindow.TotalSeconds:0} s";
        var text = $"Watched for {seconds}, with the heartbeats of that time, from {seconds} after the last was opened; memory is what the host's grew by with as many more.\n";
        return new Section(Name, $"{bench.Settings.Follows:N0} idle follows", figures, text, new Dictionary<string, string>());
    }

    private static async Task<IEnumerable<Figure>> FiguresAsync(Bench bench, Upstream upstream, CancellationToken cancellationToken)
    {
        var count = bench.Settings.Follows;
        string[] pods = [.. Enumerable.Range(0, count * 2).Select(i => $"quiet-{i}")];
        await using var host = await bench.StartHostAsync(upstream, cancellationToken, ManyFollows.Limits(count));
        await host.PutContextsAsync(pods, cancellationToken);
        var way = Following.Through(host.Channel);
        await using var follows = await Follows.OpenAsync(pods.Take(count), way, cancellationToken);

        // What opening them left to do is done first, the compiler's part, too.
        await Task.Delay(bench.Settings.IdleWindow, TimeProvider.System, cancellationToken);
        var busy = host.Figures.ProcessorTime;
        await Task.Delay(bench.Settings.IdleWindow, TimeProvider.System, cancellationToken);
        follows.CheckRunning();
        var share = (host.Figures.ProcessorTime - busy) / bench.Settings.IdleWindow * 100;
        var before = host.Figures.ResidentBytes;
        await using var more = await Follows.OpenAsync(pods.Skip(count), way, cancellationToken);
        await Task.Delay(bench.Settings.Window, TimeProvider.System, cancellationToken);
        more.CheckRunning();
        var memory = (host.Figures.ResidentBytes - before) / 1000.0 / count;
        return
        [
            new($"host's processor at {count:N0} idle follows, {upstream.Wire}", share, " % of a core", 2, 1, LessIsBetter: true),
            new($"memory per idle follow, {upstream.Wire}", memory, " KB", 60, 35, LessIsBetter: true),
        ];
    }
}
