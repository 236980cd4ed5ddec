using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Plugins;

/// <summary>The generations on their way out: they serve the tails they have, leave in the end, and are seen to be gone from memory.</summary>
internal sealed class PluginDrain(IOptions<RunLogsOptions> settings, TimeProvider time, ILogger<PluginDrain> logger) : IDisposable
{
    private const int Collections = 5;

    // A tail's last breath and a finalizer may take a moment.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private IReadOnlyList<Backend> _backends = [];

    public IReadOnlyList<Backend> Backends => Volatile.Read(ref _backends);

    /// <summary>Takes over what no longer serves; <paramref name="publish"/> is called at once and when one has left.</summary>
    public void Take(IReadOnlyList<Backend> retired, Action publish)
    {
        Change(backends => [.. retired, .. backends]);
        publish();
        foreach (var same in retired.GroupBy(backend => backend.Generation!))
        {
            var (name, tails) = (same.First().Name, same.Sum(backend => backend.OpenTails));
            Log.GenerationDrains(logger, same.Key.Number, name, tails);
            _ = DrainAsync(same.Key, name, publish);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task DrainAsync(PluginGeneration generation, string name, Action publish)
    {
        await generation.RetireAsync(settings.Value.Plugins.DrainLimit);
        Change(backends => [.. backends.Where(backend => backend.Generation != generation)]);
        publish();
        try
        {
            await RequireUnloadedAsync(generation, name, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The host stops.
        }
    }

    private async Task RequireUnloadedAsync(PluginGeneration generation, string name, CancellationToken cancellationToken)
    {
        await Task.Delay(Grace, time, cancellationToken);
        for (var round = 0; generation.IsInMemory && round < Collections; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        if (generation.IsInMemory)
        {
            Log.GenerationNotUnloaded(logger, generation.Number, name);
        }
        else
        {
            Log.GenerationUnloaded(logger, generation.Number, name);
        }
    }

    private void Change(Func<IReadOnlyList<Backend>, IReadOnlyList<Backend>> change)
    {
        lock (_gate)
        {
            Volatile.Write(ref _backends, change(_backends));
        }
    }
}
