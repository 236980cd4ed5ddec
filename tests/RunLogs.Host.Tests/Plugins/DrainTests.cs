using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Plugins;

namespace RunLogs.Host.Tests.Plugins;

/// <summary>What becomes of an old generation.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly PluginDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_old_generation_serves_its_tails_beside_the_new_one()
    {
        var folder = _directory.Add("Good");
        await using var host = await StartAsync();
        using var old = host.Catalog.TryLease("Good", "default", out _)!;

        Replace(host, folder);
        using var next = host.Catalog.TryLease("Good", "default", out _)!;

        Assert.Equal(
            [("Active", 2ul, 1, ""), ("Draining", 1ul, 1, "Generation 2 took its place: it serves the tails that it has until RunLogs:Plugins:DrainLimit.")],
            host.Catalog.Backends.Select(backend => ($"{backend.State}", backend.Generation!.Number, backend.OpenTails, backend.Reason)));
        Assert.NotSame(old.Streamer.GetType().Assembly, next.Streamer.GetType().Assembly);
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(old))[0]);
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(next))[0]);
        Assert.False(old.Replaced.IsCancellationRequested);
    }

    [Fact]
    public async Task Tails_are_asked_to_leave_at_the_drain_limit_and_not_before()
    {
        var folder = _directory.Add("Good");
        await using var host = await StartAsync(("RunLogs:Plugins:DrainLimit", "00:02:00"));
        using var old = host.Catalog.TryLease("Good", "default", out _)!;
        var asked = CatalogHost.AskedToLeaveAsync(old);

        Replace(host, folder);
        _time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromTicks(1));
        Assert.False(old.Replaced.IsCancellationRequested);
        _time.Advance(TimeSpan.FromTicks(1));

        await asked;
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(old))[0]);
    }

    [Fact]
    public async Task A_generation_that_was_removed_drains_too()
    {
        var folder = _directory.Add("Good");
        await using var host = await StartAsync();
        using var old = host.Catalog.TryLease("Good", "default", out _)!;

        Directory.Delete(folder, recursive: true);
        host.Look();

        var reason = "The folder of plugin Good is gone: it serves the tails that it has until RunLogs:Plugins:DrainLimit.";
        Assert.Equal((BackendState.Draining, reason), (host.Backend("Good").State, host.Backend("Good").Reason));
        Assert.Null(host.Catalog.TryLease("Good", "default", out var refusal));
        Assert.Equal(reason, refusal);
        Assert.Empty(host.Catalog.ChainOf("default", null));
        Directory.CreateDirectory(folder); // where the plugin leaves its mark
    }

    [Fact]
    public async Task A_drained_generation_is_unloaded_and_that_is_checked()
    {
        var folder = _directory.Add("Good");
        await using var host = await StartAsync();
        var context = await UseAndReplaceAsync(host, folder);

        await WaitAsync(() => host.Catalog.Backends.Count == 1);
        await WaitAsync(() => host.Logs.Of("GenerationUnloaded").Count == 1, TimeSpan.FromSeconds(20));

        Assert.False(context.IsAlive);
        Assert.Equal("GenerationUnloaded Information Generation 1 of Good is unloaded.", host.Logs.Of("GenerationUnloaded")[0]);
        Assert.Empty(host.Logs.Of("GenerationNotUnloaded"));
    }

    [Fact]
    public async Task A_plugin_that_leaves_something_behind_is_warned_of()
    {
        var folder = _directory.Add("Good");
        await using var host = await StartAsync();
        var held = HoldType(host);

        Replace(host, folder);
        await WaitAsync(() => host.Logs.Of("GenerationNotUnloaded").Count == 1, TimeSpan.FromSeconds(20));

        Assert.StartsWith("GenerationNotUnloaded Warning Generation 1 of Good has ended and is still in memory", host.Logs.Of("GenerationNotUnloaded")[0], StringComparison.Ordinal);
        GC.KeepAlive(held);
    }

    [Theory]
    [InlineData("ThrowsInConstructor", "Plugin Good did not load; the host's log has the exception.")]
    [InlineData("ThrowsInCreate", "Plugin ThrowsInCreate could not create its streamer; the host's log has the exception.")]
    [InlineData("BuiltOnNewerAbstractions", "Plugin BuiltOnNewerAbstractions needs RunLogs.Abstractions 1.9, this host has 1.1.")]
    [InlineData("DisabledByItself", "RunLogs:Backends:DisabledByItself:Root is not set.")]
    public async Task A_new_version_that_cannot_serve_leaves_the_old_one_serving_and_says_why(string broken, string reason)
    {
        var folder = _directory.Add("Good");
        await using var host = await StartAsync();
        using var tail = host.Catalog.TryLease("Good", "default", out _)!;

        Directory.Delete(folder, recursive: true);
        _directory.Add(broken, "Good");
        host.Look();

        var good = host.Backend("Good");
        Assert.Equal((BackendState.Active, 1ul, "A newer version was refused: " + reason), (good.State, good.Generation!.Number, good.Reason));
        Assert.False(tail.Replaced.IsCancellationRequested);
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
        Assert.Single(host.Logs.Of("PluginKept"));
        host.Look();
        Assert.Single(host.Logs.Of("PluginKept"));
    }

    [Fact]
    public async Task A_new_version_that_fails_on_one_cluster_replaces_the_old_one_on_none()
    {
        var folder = _directory.Add("Good");
        await using var host = await StartAsync(("RunLogs:Clusters:west:Backends:Good:Greeting", "howdy"));
        host.Set("RunLogs:Clusters:west:Backends:Good:Greeting", "");

        Replace(host, folder);

        var active = host.Catalog.Backends.Where(backend => backend.State == BackendState.Active).ToList();
        Assert.Equal([("default", 1ul), ("west", 1ul)], active.Select(backend => (backend.Cluster, backend.Generation!.Number)));
        Assert.StartsWith("A newer version was refused: on cluster west, RunLogs:Backends:Good:Greeting is empty.", active[0].Reason, StringComparison.Ordinal);
        Assert.StartsWith("A newer version was refused: RunLogs:Backends:Good:Greeting is empty.", active[1].Reason, StringComparison.Ordinal);
        Assert.Equal("howdy pod", (await GoodPlugin.TailAsync(host.Catalog, "west"))[0]);
    }

    [Fact]
    public async Task The_end_of_the_host_ends_the_draining_too()
    {
        var folder = _directory.Add("Good");
        await using var host = await StartAsync();
        var old = host.Catalog.TryLease("Good", "default", out _)!;
        Replace(host, folder);

        var stopped = host.StopAsync();
        await CatalogHost.AskedToLeaveAsync(old);
        Assert.Contains(host.Catalog.Backends, backend => backend is { Generation.Number: 1, Reason: "The host is shutting down." });
        old.Dispose();

        await stopped.WaitAsync(CatalogHost.Limit);
    }

    private Task<CatalogHost> StartAsync(params (string Key, string? Value)[] settings) => CatalogHost.StartAsync(
        _directory.Path, _time, [("RunLogs:Plugins:PollInterval", "1.00:00:00"), .. settings]); // the tests look themselves

    private static void Replace(CatalogHost host, string folder)
    {
        PluginDirectory.Touch(folder);
        host.Look();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAndReplaceAsync(CatalogHost host, string folder)
    {
        using var lease = host.Catalog.TryLease("Good", "default", out _)!;
        await GoodPlugin.TailAsync(lease);
        Replace(host, folder);
        return new WeakReference(AssemblyLoadContext.GetLoadContext(lease.Streamer.GetType().Assembly));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Type HoldType(CatalogHost host)
    {
        using var lease = host.Catalog.TryLease("Good", "default", out _)!;
        return lease.Streamer.GetType();
    }

    // What happens on other threads, in time that is moved on meanwhile.
    private async Task WaitAsync(Func<bool> happened, TimeSpan step = default)
    {
        using var limit = new CancellationTokenSource(CatalogHost.Limit);
        while (!happened())
        {
            limit.Token.ThrowIfCancellationRequested();
            _time.Advance(step);
            await Task.Yield();
        }
    }
}
