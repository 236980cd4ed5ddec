using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>What live pods told is found again by those who come later, whatever database keeps it.</summary>
public abstract partial class RecordedFactsContractTests : IAsyncLifetime
{
    private const string Uid = "0b54d2f0-5a7d-4f3e-a0f9-3d9f5a3a4b10";
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private ContextsHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task ConfigureAsync(ContextsOptions contexts);

    [Fact]
    public async Task A_record_without_details_gets_those_that_its_pod_told()
    {
        await PutContextAsync(record => record.Pods.Clear());
        Record(BatchOf("containerd://abc", "main"), "main");
        Record(BatchOf("containerd://def", "sidecar"), "sidecar");
        await FlushAsync();

        var log = await FindAsync("main");
        var sidecar = await FindAsync("sidecar");

        Assert.Equal((Uid, "node-1", "abc"), (log.PodUid, log.Node, log.ContainerId));
        Assert.Equal("shop", Assert.Single(log.Labels).Value);
        Assert.Equal((Uid, "def"), (sidecar.PodUid, sidecar.ContainerId));
    }

    [Fact]
    public async Task The_runners_word_counts_before_what_was_seen()
    {
        await PutContextAsync(record =>
        {
            record.Pods[0].NodeName = "";
            record.Pods[0].ContainerIds["main"] = "containerd://told";
        });
        Record(BatchOf("containerd://seen", "main"), "main");
        await FlushAsync();

        var log = await FindAsync("main");

        Assert.Equal((Uid, "node-1", "told"), (log.PodUid, log.Node, log.ContainerId));
    }

    [Fact]
    public async Task What_another_pod_of_the_same_name_told_is_not_of_this_one()
    {
        await PutContextAsync(record => (record.Pods[0].Uid, record.Pods[0].NodeName) = ("another", ""));
        Record(BatchOf("containerd://abc", "main"), "main");
        await FlushAsync();

        var log = await FindAsync("main");

        Assert.Equal(("another", null), (log.PodUid, log.Node));
    }

    [Fact]
    public async Task The_newest_pod_of_a_name_replaces_the_one_before()
    {
        await PutContextAsync(record => record.Pods.Clear());
        Record(BatchOf("containerd://old", "main"), "main");
        await FlushAsync();
        Record(BatchOf("containerd://new", "main", uid: "second"), "main");
        await FlushAsync();

        var log = await FindAsync("main");

        Assert.Equal(("second", "new"), (log.PodUid, log.ContainerId));
    }

    [Fact]
    public async Task Facts_of_another_attempt_or_cluster_are_not_used()
    {
        await PutContextAsync(record => record.Pods.Clear());
        Record(BatchOf("containerd://abc", "main"), "main", log => log with { Attempt = log.Attempt! with { Attempt = 2 } });
        Record(BatchOf("containerd://abc", "main"), "main", log => log with { Cluster = "west" });
        await FlushAsync();

        Assert.Null((await FindAsync("main")).PodUid);
    }

    [Fact]
    public async Task They_outlive_the_host()
    {
        await PutContextAsync(record => record.Pods.Clear());
        Record(BatchOf("containerd://abc", "main"), "main");
        await FlushAsync();
        await _host.DisposeAsync();

        _host = await StartAsync();

        Assert.Equal(Uid, (await FindAsync("main")).PodUid);
    }

    [Fact]
    public async Task What_nobody_has_seen_for_longer_than_archives_keep_logs_is_removed()
    {
        await PutContextAsync(record => record.Pods.Clear());
        Record(BatchOf("containerd://forgotten", "sidecar"), "sidecar");
        Record(BatchOf("containerd://abc", "main"), "main");
        await FlushAsync();
        _time.Advance(TimeSpan.FromDays(399));
        Record(BatchOf("containerd://abc", "main"), "main");
        await FlushAsync();
        Assert.Equal("forgotten", (await FindAsync("sidecar")).ContainerId);

        _time.Advance(TimeSpan.FromDays(2));
        await FlushAsync();
        await _host.Logs.WaitForAsync("FactsPruned", "What 2 containers"); // the sidecar, and what was flushed with it

        Assert.Null((await FindAsync("sidecar")).ContainerId);
        Assert.Equal("abc", (await FindAsync("main")).ContainerId);
    }

    [Fact]
    public async Task Very_much_is_removed_some_with_each_record()
    {
        await _host.Get<IContextDatabase>().WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(
                """
                WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 2500)
                INSERT INTO container_facts (project, domain, run, action, attempt, cluster, namespace, pod, container, detail, updated_at)
                SELECT 'p', 'd', 'r', 'a0', number, 'c', 'n', 'pod', 'main', @detail, number FROM numbers
                """,
                new { detail = Array.Empty<byte>() },
                transaction),
            TestContext.Current.CancellationToken);

        for (var i = 0; i < 4; i++)
        {
            await FlushAsync(); // each returns after what the one before it set off
        }

        Assert.Equal(["1000", "1000", "500"], Pruned().Matches(_host.Logs.Text).Take(3).Select(pruned => pruned.Groups[1].Value));
        Assert.Equal(0, await _host.Get<IContextDatabase>().ReadAsync(connection => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM container_facts WHERE project = 'p'"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Nothing_is_recorded_of_a_pod_that_was_named_directly_or_told_nothing()
    {
        using var told = BatchOf("containerd://abc", "main");
        using var silent = new LogBatch();

        Assert.Null(ContainerRecord.Of(Log("main") with { Attempt = null }, told));
        Assert.Null(ContainerRecord.Of(Log("main"), silent));
        Assert.NotNull(ContainerRecord.Of(Log("main"), told));
    }

    private protected ContextsHost Host => _host;

    private static LogBatch BatchOf(string id, string container, string uid = Uid) => new()
    {
        Instance = new ContainerInstance { ContainerId = id },
        Facts = new ContainerFacts { Container = container, PodUid = uid, Node = "node-1", Labels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "shop" } },
    };

    private static TailRequest Log(string container) =>
        new() { Attempt = Some.Action().ToAttempt(1), Cluster = "east", Namespace = "flyte", Pod = "run1-a0-0", Container = container };

    private void Record(LogBatch batch, string container, Func<TailRequest, TailRequest>? change = null)
    {
        using (batch)
        {
            _host.Get<FactsRecorder>().Record(ContainerRecord.Of(change?.Invoke(Log(container)) ?? Log(container), batch)!);
        }
    }

    // Records are written one after the other: when the last one is, all are.
    private protected async Task FlushAsync()
    {
        var marker = $"flushed{Guid.NewGuid():N}";
        using var batch = BatchOf("containerd://abc", marker);
        _host.Get<FactsRecorder>().Record(ContainerRecord.Of(Log(marker) with { Pod = "another" }, batch)!);
        await _host.Logs.WaitForAsync("FactsRecorded", marker);
    }

    private Task PutContextAsync(Action<LogContextRecord> change)
    {
        var record = Some.Record();
        change(record);
        return _host.Store.PutAsync(record, CancellationToken.None);
    }

    private async Task<TailRequest> FindAsync(string container) => (await _host.Get<AttemptContexts>().FindAsync(
        Some.Action(), 1, new ContainerSelection([container], AllPods: false), FollowMode.Auto, TestContext.Current.CancellationToken)).Logs[0];

    private async Task<ContextsHost> StartAsync()
    {
        var contexts = new ContextsOptions();
        await ConfigureAsync(contexts);
        var host = await ContextsHost.StartAsync(_directory.Path, options => options.Contexts = contexts, _time);
        await host.RunAsync();
        return host;
    }

    [GeneratedRegex("FactsPruned Debug What ([0-9]+) containers")]
    private static partial Regex Pruned();
}
