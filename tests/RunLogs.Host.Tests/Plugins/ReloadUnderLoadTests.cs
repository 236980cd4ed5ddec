using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Plugins;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Plugins;

/// <summary>A plugin replaced again and again under open streams; <c>RUNLOGS_RELOADS=100</c> makes it the whole run.</summary>
[Collection(nameof(WholeProcess))]
public sealed class ReloadUnderLoadTests : IDisposable
{
    private const int Streams = 50;
    private const int LinesPerSecond = 2000;
    private const long Megabyte = 1 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly int Reloads = int.Parse(Environment.GetEnvironmentVariable("RUNLOGS_RELOADS") ?? "10", CultureInfo.InvariantCulture);

    private readonly PluginDirectory _directory = new();
    private readonly PluginDirectory _elsewhere = new();
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose()
    {
        _directory.Dispose();
        _elsewhere.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task Reloads_under_50_streams_lose_and_repeat_no_line_and_leave_no_generation_behind()
    {
        var folder = _directory.Add("Numbered");
        var lastLineFile = Path.Combine(_elsewhere.Path, "last");
        var since = LogTimestamp.From(TimeProvider.System.GetUtcNow()).UnixNanoseconds;
        await using var host = await CatalogHost.StartAsync(_directory.Path,
            ("RunLogs:Plugins:PollInterval", "1:00:00"), // the test looks itself
            ("RunLogs:Plugins:DrainLimit", "00:00:00.05"),
            ("RunLogs:Backends:Numbered:Since", $"{since}"),
            ("RunLogs:Backends:Numbered:LastLineFile", lastLineFile));
        var telemetry = new TailTelemetry(_meters.GetRequiredService<IMeterFactory>());
        var sinks = Enumerable.Range(0, Streams).Select(_ => new CountedSink()).ToList();
        var tails = sinks.Select(sink => TailAsync(host, sink, telemetry)).ToList();
        await WaitAsync(() => sinks.TrueForAll(sink => sink.Lines > LinesPerSecond));
        var memory = UsedMemory();
        var generations = new List<WeakReference>();

        for (var reload = 1; reload <= Reloads; reload++)
        {
            generations.Add(Current(host));
            var before = sinks.Select(sink => sink.Lines).ToList();
            PluginDirectory.Touch(folder);
            host.Look();

            // All tails moved on, and every one of them has lines from where it is now.
            await WaitAsync(() => host.Catalog.Backends is [{ State: BackendState.Active } only] && only.Generation!.Number == (ulong)reload + 1 && only.OpenTails == Streams);
            await WaitAsync(() => sinks.Zip(before).All(pair => pair.First.Lines > pair.Second + (LinesPerSecond / 10)));
            Assert.DoesNotContain(tails, tail => tail.IsCompleted);
        }

        var last = sinks.Max(sink => sink.Lines) + LinesPerSecond;
        await File.WriteAllTextAsync(lastLineFile + ".new", $"{last}", TestContext.Current.CancellationToken);
        File.Move(lastLineFile + ".new", lastLineFile);
        Assert.All(await Task.WhenAll(tails).WaitAsync(Limit, TestContext.Current.CancellationToken), end => Assert.Equal(EndReason.ContainerEnded, end));
        Assert.All(sinks, sink => Assert.Equal((null, last + 1, 0), (sink.Fault, sink.Lines, sink.Notices.Count)));
        var took = (LogTimestamp.From(TimeProvider.System.GetUtcNow()).UnixNanoseconds - since) / 1e9;

        await WaitAsync(() => host.Catalog.Backends.Count == 1);
        Assert.Equal(0, Alive(generations));
        Assert.InRange(UsedMemory() - memory, long.MinValue, 8 * Megabyte);
        TestContext.Current.SendDiagnosticMessage("{0} reloads, {1} streams of {2} lines in {3:F1} s", Reloads, Streams, last + 1, took);
    }

    private static Task<EndReason> TailAsync(CatalogHost host, CountedSink sink, TailTelemetry telemetry)
    {
        var settings = host.Services.GetRequiredService<IOptions<RunLogsOptions>>();
        var chain = new SourceChain(host.Catalog, settings, telemetry, TimeProvider.System, NullLogger<SourceChain>.Instance);
        var request = new TailRequest { Cluster = "default", Namespace = "ns", Pod = "pod", Container = "main" };
        var plan = TailPlan.Of(request);
        TailPump PumpFrom(ITailSource source) => new(source, new Delivery(plan, keepsLineEnds: false), sink, settings.Value.Heartbeat, TimeProvider.System) { FirstLine = () => { } };
        return Task.Run(async () => (await new TailStreams(chain, settings, TimeProvider.System).RunAsync(plan, singleLines: false, PumpFrom, CancellationToken.None, CancellationToken.None)).Reason);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Current(CatalogHost host)
    {
        using var lease = host.Catalog.TryLease("Numbered", "default", out _)!;
        return new WeakReference(AssemblyLoadContext.GetLoadContext(lease.Streamer.GetType().Assembly));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Alive(List<WeakReference> generations)
    {
        for (var round = 0; generations.Exists(generation => generation.IsAlive) && round < 20; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return generations.Count(generation => generation.IsAlive);
    }

    private static long UsedMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task WaitAsync(Func<bool> reached)
    {
        var started = Stopwatch.StartNew();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!reached())
        {
            Assert.True(started.Elapsed < Limit, "The streams do not move on.");
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
