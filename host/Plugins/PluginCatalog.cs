using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Plugins;

/// <summary>The backends loaded from the plugin directory, and who may use them.</summary>
internal sealed class PluginCatalog(IOptions<RunLogsOptions> settings, PluginFolders folders, PluginDrain drain, PluginActivator activator, ILogger<PluginCatalog> logger)
    : IBackends, IHostedService
{
    private static readonly string DirectoryKey = ConfigurationPath.Combine(RunLogsOptions.Section, nameof(RunLogsOptions.PluginDirectory));

    private readonly RunLogsOptions _options = settings.Value;
    private readonly IReadOnlyList<string> _required = BackendNames.Parse(settings.Value.RequiredBackends);
    private readonly Lock _publishing = new();
    private BackendSnapshot _current = new([]);
    private bool _stopping;

    /// <summary>Every backend on every cluster, in the order of the default chain, then by name.</summary>
    public IReadOnlyList<Backend> Backends
    {
        get
        {
            var backends = Volatile.Read(ref _current);
            var chain = ChainOf(_options.DefaultCluster, project: null).ToList();
            return [.. backends.All
                .OrderBy(backend => chain.IndexOf(backend.Name) is var place and >= 0 ? place : chain.Count)
                .ThenBy(backend => backend.Name, StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>Required backends that no plugin offers.</summary>
    public IEnumerable<string> MissingRequired => _required.Where(name => Volatile.Read(ref _current).Find(name, _options.DefaultCluster) is null);

    /// <summary>A project's chain beats its cluster's, which beats the host's; none set: the default.</summary>
    public IReadOnlyList<string> ChainOf(string cluster, string? project)
    {
        var backends = Volatile.Read(ref _current);
        var chain = BackendNames.Parse(FirstSet(
            _options.Projects.GetValueOrDefault(project ?? "")?.Chain,
            _options.Clusters.GetValueOrDefault(OrDefault(cluster))?.Chain,
            _options.Chain));

        // A cluster that is not configured is asked like the default one: each lease then tells what is missing.
        return chain.Count > 0
            ? [.. chain.Select(name => backends.Find(name, _options.DefaultCluster)?.Name ?? name)]
            : backends.DefaultChainOn(Knows(OrDefault(cluster)) ? OrDefault(cluster) : _options.DefaultCluster);
    }

    public PluginLease? TryLease(string backend, string cluster, out string reason)
    {
        var on = OrDefault(cluster);
        while (true)
        {
            var backends = Volatile.Read(ref _current);
            var found = backends.Find(backend, on);
            if (found is not { State: BackendState.Active })
            {
                reason = found?.Reason ?? (Knows(on) ? NoPlugin(backend) : $"Cluster {on} is not known to this host: add RunLogs:Clusters:{on}, or make it RunLogs:DefaultCluster.");
                return null;
            }

            if (found.Generation!.TryLease(on) is { } lease)
            {
                reason = "";
                return lease;
            }

            // Retired since it was read: a newer snapshot stands already.
        }
    }

    /// <summary>Loads what changed in the plugin directory and has settled, or whatever changed when <paramref name="atOnce"/>.</summary>
    public void Look(bool atOnce)
    {
        // New tails go to the new generation before the old one may leave.
        drain.Take(folders.Look(atOnce), Publish);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Look(atOnce: true);
        var backends = Volatile.Read(ref _current);
        foreach (var (key, name) in NamedInSettings().Where(named => backends.Find(named.Name, _options.DefaultCluster) is null))
        {
            Log.NoSuchPlugin(logger, key, name, _options.PluginDirectory);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_publishing)
        {
            _stopping = true;
        }

        Publish();
        var old = Volatile.Read(ref _current);
        var generations = old.All.Select(backend => backend.Generation).OfType<PluginGeneration>().Distinct();
        try
        {
            await Task.WhenAll(generations.Select(generation => generation.DisposeAsync().AsTask())).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Log.TailsLeftOpen(logger, old.All.Sum(backend => backend.OpenTails));
        }
    }

    private static string FirstSet(params IEnumerable<string?> texts) => texts.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "";

    private string OrDefault(string cluster) => cluster.Length == 0 ? _options.DefaultCluster : cluster;

    private bool Knows(string cluster) => activator.Clusters.Contains(cluster, StringComparer.OrdinalIgnoreCase);

    private static string NoPlugin(string backend) => $"No plugin in {DirectoryKey} offers the backend {backend}.";

    private void Publish()
    {
        lock (_publishing)
        {
            var backends = folders.Backends.Concat(drain.Backends).Select(backend => backend with { Required = _required.Contains(backend.Name, StringComparer.OrdinalIgnoreCase) });
            Interlocked.Exchange(ref _current, new BackendSnapshot(!_stopping ? backends : backends.Select(backend => backend.Generation is null
                ? backend
                : backend with { State = BackendState.Draining, Reason = "The host is shutting down." })));
        }
    }

    // Every place of the settings that names a backend.
    private IEnumerable<(string Key, string Name)> NamedInSettings() =>
    [
        .. In($"RunLogs:{nameof(RunLogsOptions.Chain)}", _options.Chain),
        .. _options.Clusters.SelectMany(cluster => In($"RunLogs:Clusters:{cluster.Key}:Chain", cluster.Value.Chain)),
        .. _options.Projects.SelectMany(project => In($"RunLogs:Projects:{project.Key}:Chain", project.Value.Chain)),
        .. In($"RunLogs:{nameof(RunLogsOptions.RequiredBackends)}", _options.RequiredBackends),
        .. new[] { _options.Backends }.Concat(_options.Clusters.Values.Select(cluster => cluster.Backends))
            .SelectMany(backends => backends?.GetChildren() ?? [])
            .Select(section => (section.Path, section.Key)),
    ];

    private static IEnumerable<(string Key, string Name)> In(string key, string names) => BackendNames.Parse(names).Select(name => (key, name));
}
