using System.Collections.Frozen;
using RunLogs.Abstractions;

namespace RunLogs.Host.Plugins;

/// <summary>One loading of a plugin, with a streamer per cluster; it lives until the catalog and the last lease let it go.</summary>
internal sealed class PluginGeneration : IAsyncDisposable
{
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _replaced = new();
    private readonly TaskCompletionSource _unloaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _backend;
    private readonly LogSourceKind _kind;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WeakReference _context;
    private IsolatedPlugin? _plugin;
    private FrozenDictionary<string, ClusterStreamer> _streamers;
    private int _holds = 1; // the catalog's own
    private bool _retired;

    public PluginGeneration(ulong number, string backend, LogSourceKind kind, IsolatedPlugin plugin, IReadOnlyDictionary<string, ILogStreamer> streamers, TimeProvider time, ILogger logger)
    {
        (Number, _backend, _kind, _plugin, _time, _logger) = (number, backend, kind, plugin, time, logger);
        _context = plugin.Watch();
        _streamers = streamers.ToFrozenDictionary(pair => pair.Key, pair => new ClusterStreamer(pair.Value), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Counts the loadings of the plugin, from 1.</summary>
    public ulong Number { get; }

    /// <summary>Whether the plugin's code is still there: after the end, something of it is held.</summary>
    public bool IsInMemory => _context.IsAlive;

    public int OpenTailsOn(string cluster) => _streamers.TryGetValue(cluster, out var open) ? Volatile.Read(ref open.Tails) : 0;

    /// <summary>A hold for one tail; null when the generation is retired.</summary>
    public PluginLease? TryLease(string cluster)
    {
        if (Volatile.Read(ref _retired) || !TryHold())
        {
            return null;
        }

        var streamer = _streamers[cluster];
        Interlocked.Increment(ref streamer.Tails);
        return new PluginLease(_backend, _kind, streamer.Streamer, () =>
        {
            Interlocked.Decrement(ref streamer.Tails);
            Release();
        }, _replaced.Token);
    }

    /// <summary>Drops the catalog's hold; tails that stay beyond the limit are asked to leave. Done when the last one left and the plugin is unloaded.</summary>
    public async Task RetireAsync(TimeSpan limit)
    {
        if (!Interlocked.Exchange(ref _retired, true))
        {
            Release();
        }

        try
        {
            await _unloaded.Task.WaitAsync(limit, _time);
        }
        catch (TimeoutException)
        {
            await AskToLeaveAsync();
            await _unloaded.Task;
        }
    }

    /// <summary>Retires it without patience.</summary>
    public ValueTask DisposeAsync() => new(RetireAsync(TimeSpan.Zero));

    private async Task AskToLeaveAsync()
    {
        if (!TryHold())
        {
            return;
        }

        try
        {
            await _replaced.CancelAsync();
        }
        catch (Exception e)
        {
            // A plugin's own callback: its tail is asked all the same.
            Log.CancellationThrew(_logger, _backend, e);
        }
        finally
        {
            Release();
        }
    }

    private bool TryHold()
    {
        for (var holds = Volatile.Read(ref _holds); holds > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _holds, holds + 1, holds);
            if (seen == holds)
            {
                return true;
            }

            holds = seen;
        }

        return false;
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _holds) == 0)
        {
            // Not on the request's own time: a plugin may take a while to let go.
            _ = Task.Run(UnloadAsync);
        }
    }

    private async Task UnloadAsync()
    {
        foreach (var streamer in _streamers.Values)
        {
            try
            {
                await streamer.Streamer.DisposeAsync().AsTask().WaitAsync(DisposeLimit, _time);
            }
            catch (Exception e)
            {
                Log.StreamerNotDisposed(_logger, _backend, e);
            }
        }

        // Whoever still holds this object must not hold the plugin by it.
        _streamers = FrozenDictionary<string, ClusterStreamer>.Empty;
        var plugin = _plugin;
        _plugin = null;
        try
        {
            plugin?.Dispose();
        }
        finally
        {
            _replaced.Dispose();
            _unloaded.SetResult();
        }
    }

    private sealed class ClusterStreamer(ILogStreamer streamer)
    {
        public int Tails;

        public ILogStreamer Streamer => streamer;
    }
}
