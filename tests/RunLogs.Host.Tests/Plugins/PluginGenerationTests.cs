using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
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
        var unloading = false;
        AssemblyLoadContext.GetLoadContext(lease.Streamer.GetType().Assembly)!.Unloading += _ => unloading = true;

        var stopped = host.StopAsync();

        await CatalogHost.AskedToLeaveAsync(lease);
        Assert.Null(host.Catalog.TryLease("Good", "default", out var reason));
        Assert.Equal("The host is shutting down.", reason);
        Assert.Equal((BackendState.Draining, 1), (host.Backend("Good").State, host.Backend("Good").OpenTails));
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(lease))[0]);
        Assert.False(File.Exists(Path.Combine(folder, "disposed")));
        Assert.False(unloading);
        Assert.False(stopped.IsCompleted);

        lease.Dispose();

        await stopped.WaitAsync(CatalogHost.Limit);
        Assert.True(File.Exists(Path.Combine(folder, "disposed")));
        Assert.True(unloading);
        Assert.Equal(0, host.Backend("Good").OpenTails);
    }

    [Fact]
    public async Task A_generation_without_leases_is_unloaded_when_it_is_retired()
    {
        _directory.Add("Good");
        await using var host = await CatalogHost.StartAsync(_directory.Path);
        var context = await UseAsync(host);

        await host.StopAsync();

        Assert.False(StaysAlive(() => context.IsAlive), "The plugin's context is still alive.");
    }

    [Theory]
    [InlineData("Good", "true", true)]
    [InlineData("Good", "false", false)]
    [InlineData("ThrowsInConstructor", "true", false)]
    [InlineData("ThrowsInCreate", "true", false)]
    public async Task Only_a_plugin_that_serves_stays_loaded(string plugin, string enabled, bool stays)
    {
        // The loader names a context after the main assembly's file: under a name of its own it can be told from other tests'.
        var name = $"{plugin}{Guid.NewGuid():N}";
        var folder = _directory.Add(plugin);
        File.Move(Path.Combine(folder, $"{plugin}.dll"), Path.Combine(folder, $"{name}.dll"));
        File.Move(Path.Combine(folder, $"{plugin}.deps.json"), Path.Combine(folder, $"{name}.deps.json"));

        await using var host = await CatalogHost.StartAsync(_directory.Path, ($"RunLogs:Backends:{plugin}:Enabled", enabled));

        Assert.Equal(stays, StaysAlive(() => AssemblyLoadContext.All.Any(context => context.Name == name)));
    }

    [Fact]
    public async Task A_streamer_that_does_not_let_go_is_left_behind_after_a_while()
    {
        var logs = new CollectedLogs();
        var time = new FakeTimeProvider();
        var plugin = new IsolatedPlugin("Good", Path.Combine(PluginDirectory.Compiled("Good"), "Good.dll"));
        var streamers = new Dictionary<string, ILogStreamer> { ["a"] = new ClingingStreamer(), ["b"] = new FailingStreamer() };
        var generation = new PluginGeneration(1, "Good", LogSourceKind.Archive, plugin, streamers, time, logs);

        var gone = generation.DisposeAsync().AsTask();

        using var limit = new CancellationTokenSource(CatalogHost.Limit);
        while (!gone.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Equal(
            [
                "StreamerNotDisposed Warning A streamer of Good could not be disposed. InvalidOperationException",
                "StreamerNotDisposed Warning A streamer of Good could not be disposed. TimeoutException",
            ],
            logs.Of("StreamerNotDisposed").Order());
        Assert.Null(generation.TryLease("a"));
    }

    [Fact]
    public async Task Leases_taken_while_the_generation_is_retired_are_all_served_or_refused()
    {
        var plugin = new IsolatedPlugin("Good", Path.Combine(PluginDirectory.Compiled("Good"), "Good.dll"));
        var streamer = new CountingStreamer();
        var generation = new PluginGeneration(1, "Good", LogSourceKind.Archive, plugin, new Dictionary<string, ILogStreamer> { ["a"] = streamer }, TimeProvider.System, new CollectedLogs());
        using var start = new Barrier(5);
        var takers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            start.SignalAndWait(CatalogHost.Limit);
            while (generation.TryLease("a") is { } lease)
            {
                Assert.Equal(0, streamer.Disposals);
                lease.Dispose();
            }
        })).ToList();

        start.SignalAndWait(CatalogHost.Limit);
        await generation.DisposeAsync().AsTask().WaitAsync(CatalogHost.Limit);

        await Task.WhenAll(takers).WaitAsync(CatalogHost.Limit);
        Assert.Equal(1, streamer.Disposals);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAsync(CatalogHost host)
    {
        using var lease = host.Catalog.TryLease("Good", "default", out _)!;
        await GoodPlugin.TailAsync(lease);
        return new WeakReference(AssemblyLoadContext.GetLoadContext(lease.Streamer.GetType().Assembly));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool StaysAlive(Func<bool> isAlive)
    {
        for (var round = 0; isAlive() && round < 20; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return isAlive();
    }

    private sealed class ClingingStreamer : ILogStreamer
    {
        public Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => new(new TaskCompletionSource().Task);
    }

    private sealed class FailingStreamer : ILogStreamer
    {
        public Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => throw new InvalidOperationException();
    }

    private sealed class CountingStreamer : ILogStreamer
    {
        private int _disposals;

        public int Disposals => Volatile.Read(ref _disposals);

        public Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref _disposals);
            return ValueTask.CompletedTask;
        }
    }
}
