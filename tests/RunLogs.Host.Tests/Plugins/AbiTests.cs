using System.Text;
using System.Threading.Channels;
using RunLogs.Abstractions;
using RunLogs.Host.Plugins;
using RunLogs.Host.Tailing;
using RunLogs.Host.Tests.Tailing;

namespace RunLogs.Host.Tests.Plugins;

/// <summary>A plugin compiled against the abstractions as they were at 1.0, on this host.</summary>
public sealed class AbiTests : IDisposable
{
    private const string Plugin = "BuiltOnAbstractions10";

    private static readonly string[] Told =
    [
        "acme/shop/development/run1/a0 attempt 2 default ns pod u1 main cid n1",
        "1 2 3 4 5",
        "10 Never True 6 i6",
        "default BuiltOnAbstractions10 262144 00:00:30 00:01:00 00:05:00",
        "3 False True",
    ];

    private readonly PluginDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_plugin_built_on_1_0_gets_and_gives_all_that_1_0_had()
    {
        _directory.Add(Plugin);
        await using var host = await CatalogHost.StartAsync(_directory.Path);
        using var lease = host.Catalog.TryLease(Plugin, "default", out var reason);
        Assert.True(lease is not null, reason);
        var output = Channel.CreateUnbounded<LogBatch>();

        var end = await lease.Streamer.TailLogsAsync(Request("pod"), output.Writer, CancellationToken.None).WaitAsync(CatalogHost.Limit);

        using var batch = await output.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new Version(1, 0, 0, 0), host.Backend(Plugin).AbstractionsVersion);
        Assert.Equal((TailEnd.SourceGone, LogSourceKind.Live), (end, lease.Kind));
        Assert.Equal((1, "c1", "uid", "node"), (batch.Instance!.RestartCount, batch.Instance.ContainerId, batch.Facts!.PodUid, batch.Facts.Node));
        Assert.Equal((LogNoticeKind.LinesLost, "One line was lost.", 1), (batch.Notices[0].Kind, batch.Notices[0].Message, batch.Notices[0].Lines));
        Assert.Equal(Told.Select((line, second) => $"{second} {line}"), LinesOf(batch));
    }

    [Fact]
    public async Task What_a_plugin_built_on_1_0_throws_is_understood()
    {
        _directory.Add(Plugin);
        await using var host = await CatalogHost.StartAsync(_directory.Path,
            ("RunLogs:Clusters:off:Backends:BuiltOnAbstractions10:Fault", "disabled"), ("RunLogs:Clusters:wrong:Backends:BuiltOnAbstractions10:Fault", "settings"));
        using var lease = host.Catalog.TryLease(Plugin, "default", out _)!;

        var error = await Assert.ThrowsAsync<LogStreamException>(() =>
            lease.Streamer.TailLogsAsync(Request("throttled"), Channel.CreateUnbounded<LogBatch>().Writer, CancellationToken.None).WaitAsync(CatalogHost.Limit));

        Assert.Equal((LogStreamError.RateLimited, "THROTTLED", TimeSpan.FromSeconds(7)), (error.Error, error.Reason, error.RetryAfter));
        Assert.Equal(
            [("default", BackendState.Active), ("off", BackendState.Disabled), ("wrong", BackendState.Malfunctioned)],
            host.Catalog.Backends.Select(backend => (backend.Cluster, backend.State)));
    }

    [Fact]
    public async Task A_client_tails_through_a_plugin_built_on_1_0()
    {
        _directory.Add(Plugin);
        await using var host = await CatalogHost.StartAsync(_directory.Path);
        using var rig = new TailerRig(host.Catalog);
        var sink = new CollectingSink();

        var end = await rig.RunAsync(sink, Request("pod"));

        Assert.Equal(EndReason.SourceGone, end);
        Assert.Equal(Told, sink.Lines);
        Assert.Equal("One line was lost.", sink.Notices[0]);
    }

    private static TailRequest Request(string pod) => new()
    {
        Attempt = new AttemptIdentity { Org = "acme", Project = "shop", Domain = "development", Run = "run1", Action = "a0", Attempt = 2 },
        Cluster = "default",
        Namespace = "ns",
        Pod = pod,
        PodUid = "u1",
        Container = "main",
        ContainerId = "cid",
        Node = "n1",
        ContainerStart = new LogTimestamp(1),
        ContainerEnd = new LogTimestamp(2),
        Since = new LogTimestamp(3),
        Until = new LogTimestamp(4),
        EndedAt = new LogTimestamp(5),
        TailLines = 10,
        Follow = FollowMode.Never,
        Previous = true,
        Instance = new ContainerInstance { RestartCount = 6, ContainerId = "i6" },
    };

    private static List<string> LinesOf(LogBatch batch)
    {
        var lines = new List<string>();
        foreach (var entry in batch.Entries)
        {
            lines.Add($"{entry.Timestamp.UnixNanoseconds / 1_000_000_000} {Encoding.UTF8.GetString(batch.TextOf(entry))}");
        }

        return lines;
    }
}
