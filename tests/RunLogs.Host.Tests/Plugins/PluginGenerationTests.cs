using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using RunLogs.Host.Plugins;

namespace RunLogs.Host.Tests.Plugins;

public sealed class PluginGenerationTests : IDisposable
{
    private readonly PluginDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Leases_are_counted_as_open_tails_and_once_each()
    {
        _directory.Add("Good");
        await using var host = await CatalogHost.StartAsync(_directory.Path);

        var first = host.Catalog.TryLease("Good", "default", out _)!;
        using var second = host.Catalog.TryLease("Good", "default", out _)!;
        Assert.Equal(2, host.Backend("Good").OpenTails);

        first.Dispose();
        first.Dispose();
        Assert.Equal(1, host.Backend("Good").OpenTails);
    }

    [Fact]
    public async Task A_retired_generation_serves_its_lease_and_ends_with_it()
    {
        var folder = _directory.Add("Good");
        await using var host = await CatalogHost.StartAsync(_directory.Path);
        var lease = host.Catalog.TryLease("Good", "default", out _)!;

        var stopped = host.StopAsync();

        Assert.True(lease.Replaced.IsCancellationRequested);
        Assert.Null(host.Catalog.TryLease("Good", "default", out var reason));
        Assert.Equal("The host is shutting down.", reason);
        Assert.Equal((BackendState.Draining, 1), (host.Backend("Good").State, host.Backend("Good").OpenTails));
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(lease))[0]);
        Assert.False(File.Exists(Path.Combine(folder, "disposed")));
        Assert.False(stopped.IsCompleted);

        lease.Dispose();

        await stopped.WaitAsync(CatalogHost.Limit);
        Assert.True(File.Exists(Path.Combine(folder, "disposed")));
        Assert.Equal(0, host.Backend("Good").OpenTails);
    }

    [Fact]
    public async Task A_generation_without_leases_is_unloaded_when_it_is_retired()
    {
        _directory.Add("Good");
        await using var host = await CatalogHost.StartAsync(_directory.Path);
        var context = await UseAsync(host);

        await host.StopAsync();

        Assert.True(IsCollected(context), "The plugin's context is still alive.");
    }

    [Fact]
    public async Task A_plugin_that_is_disabled_is_unloaded_at_once()
    {
        _directory.Add("Good");
        var before = PluginContexts();

        await using var host = await CatalogHost.StartAsync(_directory.Path, ("RunLogs:Backends:Good:Enabled", "false"));

        Assert.All(NewContexts(before), context => Assert.True(IsCollected(context), "The plugin's context is still alive."));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAsync(CatalogHost host)
    {
        using var lease = host.Catalog.TryLease("Good", "default", out _)!;
        await GoodPlugin.TailAsync(lease);
        return new WeakReference(AssemblyLoadContext.GetLoadContext(lease.Streamer.GetType().Assembly));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HashSet<int> PluginContexts() => [.. AssemblyLoadContext.All.Select(RuntimeHelpers.GetHashCode)];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> NewContexts(HashSet<int> before) =>
        [.. AssemblyLoadContext.All.Where(context => !before.Contains(RuntimeHelpers.GetHashCode(context))).Select(context => new WeakReference(context))];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsCollected(WeakReference context)
    {
        for (var round = 0; context.IsAlive && round < 20; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return !context.IsAlive;
    }
}
