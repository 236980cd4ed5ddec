using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;
using RunLogs.Host.Tests.Tailing;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>A tail that reads a live pod records what the pod tells; one that reads an archive does not.</summary>
public sealed class LivePodTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose()
    {
        _services.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_a_live_pod_tells_is_recorded_and_what_an_archive_tells_is_not()
    {
        await using var host = await ContextsHost.StartAsync(_directory.Path);
        await host.RunAsync();

        await TailAsync(host, LogSourceKind.Archive, "archived");
        await TailAsync(host, LogSourceKind.Live, "main");

        await host.Logs.WaitForAsync("FactsRecorded", "main");
        var known = await host.Get<RecordedFacts>().FindAsync(Some.Action().ToAttempt(1), "east", TestContext.Current.CancellationToken);
        var pod = Assert.Single(known).Value;
        Assert.Equal(("uid-1", "node-1", "abc"), (pod.Uid, pod.NodeName, Assert.Single(pod.ContainerIds, id => id.Key == "main").Value));
        Assert.Equal("shop", pod.Labels["app"]);
    }

    [Fact]
    public async Task A_source_that_is_opened_again_and_tells_the_same_is_recorded_once_and_each_new_instance_again()
    {
        await using var host = await ContextsHost.StartAsync(_directory.Path);
        await host.RunAsync();
        var opened = 0;

        await TailAsync(host, LogSourceKind.Live, "main", async (_, output, token) =>
        {
            // Broken off twice with the same instance, and told twice by the last one.
            var isLast = ++opened == 3;
            await output.WriteAsync(Batch(isLast ? "def" : "abc"), token);
            await output.WriteAsync(Batch(isLast ? "def" : "abc"), token);
            return isLast ? TailEnd.Complete : throw new LogStreamException(LogStreamError.Unavailable, "It broke off.", "UNREACHABLE");
        });
        await TailAsync(host, LogSourceKind.Live, "marker");

        await host.Logs.WaitForAsync("FactsRecorded", "marker");
        Assert.Equal(3, opened);
        Assert.Equal(2, host.Logs.Text.Split('\n').Count(line => line.Contains("FactsRecorded", StringComparison.Ordinal) && line.Contains("main", StringComparison.Ordinal)));
    }

    private static LogBatch Batch(string containerId)
    {
        var batch = Tailing.Some.Batch("one");
        batch.Instance = new ContainerInstance { ContainerId = containerId };
        batch.Facts = new ContainerFacts { PodUid = "uid-1", Node = "node-1", Labels = new Dictionary<string, string> { ["app"] = "shop" } };
        return batch;
    }

    private Task TailAsync(ContextsHost host, LogSourceKind kind, string container) => TailAsync(host, kind, container, async (_, output, token) =>
    {
        await output.WriteAsync(Batch("abc"), token);
        return TailEnd.Complete;
    });

    private async Task TailAsync(ContextsHost host, LogSourceKind kind, string container, Func<TailRequest, ChannelWriter<LogBatch>, CancellationToken, Task<TailEnd>> script)
    {
        var streamer = new ScriptedStreamer(script);
        var chain = new SourceChain(
            new ListedBackends(("Backend", kind, streamer)), Options.Create(new RunLogsOptions()), new TailTelemetry(_services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System, NullLogger<SourceChain>.Instance, host.Get<FactsRecorder>());
        var request = new TailRequest { Attempt = Some.Action().ToAttempt(1), Cluster = "east", Namespace = "flyte", Pod = "run1-a0-0", Container = container };
        var outcome = await chain.RunAsync(request, SourceSelection.LiveOrPersisted, LinePosition.Before(request), new TailChannel(1 << 20), TestContext.Current.CancellationToken);
        Assert.Equal(EndReason.ContainerEnded, outcome.Reason);
    }
}
