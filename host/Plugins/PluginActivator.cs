using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Plugins;

/// <summary>Turns a plugin's folder into backends, one per cluster, whatever is wrong with it.</summary>
internal sealed class PluginActivator(IOptions<RunLogsOptions> settings, ILoggerFactory loggers, TimeProvider time)
{
    private readonly RunLogsOptions _options = settings.Value;
    private readonly ILogger _logger = loggers.CreateLogger<PluginActivator>();
    private readonly Dictionary<string, ulong> _generations = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The clusters of the settings, the default one first.</summary>
    public IReadOnlyList<string> Clusters { get; } =
        [settings.Value.DefaultCluster, .. settings.Value.Clusters.Keys.Where(name => !Same(name, settings.Value.DefaultCluster)).Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Loads a plugin; <paramref name="folderOf"/> tells which names are taken, and by which folder. Not for two at a time.</summary>
    public PluginActivation Activate(string folder, IReadOnlyDictionary<string, string> folderOf)
    {
        string? name = null;
        var free = false;
        var told = new Backend { Name = Path.GetFileName(folder), Cluster = "", State = BackendState.Malfunctioned };
        IsolatedPlugin? plugin = null;
        try
        {
            var assembly = PluginAssembly.FindIn(folder);
            told = told with { Version = assembly.Version, AbstractionsVersion = assembly.Abstractions };
            assembly.RequireSupport();
            plugin = new IsolatedPlugin(told.Name, assembly.Path);
            var entry = plugin.Open();
            var kind = entry.Kind;
            name = NameOf(entry, told.Name);
            RequireFree(name, told.Name, folderOf);
            free = true;
            told = told with { Name = name };
            return new PluginActivation(name, HasName: true, Create(plugin, entry, kind, told, folder));
        }
        catch (Exception e)
        {
            plugin?.Dispose();
            var refusal = e as PluginRefusedException
                ?? new PluginRefusedException(BackendState.Malfunctioned, $"Plugin {told.Name} did not load; the host's log has the exception.", e);
            Log.PluginRefused(_logger, told.Name, refusal.State, refusal.Message, refusal.InnerException);
            return new PluginActivation(name, HasName: free, [.. Clusters.Select(cluster => told with { Cluster = cluster, State = refusal.State, Reason = refusal.Message })]);
        }
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string NameOf(ILogStreamerPlugin entry, string folder)
    {
        var name = entry.Name;
        if (string.IsNullOrEmpty(name) || !name.All(char.IsAsciiLetterOrDigit))
        {
            throw new PluginRefusedException(BackendState.Malfunctioned, $"Plugin {folder} names itself '{name}'; a name is letters and digits.");
        }

        return name;
    }

    private static void RequireFree(string name, string folder, IReadOnlyDictionary<string, string> folderOf)
    {
        if (folderOf.TryGetValue(name, out var holder))
        {
            throw new PluginRefusedException(BackendState.Malfunctioned, $"Plugin {folder} names itself {name}, as the plugin in folder {holder} does; remove one of them.");
        }
    }

    private List<Backend> Create(IsolatedPlugin plugin, ILogStreamerPlugin entry, LogSourceKind kind, Backend told, string folder)
    {
        var streamers = new Dictionary<string, ILogStreamer>(StringComparer.OrdinalIgnoreCase);
        var backends = new List<Backend>();
        foreach (var cluster in Clusters)
        {
            var backend = told with { Cluster = cluster };
            try
            {
                streamers.Add(cluster, Create(plugin, entry, backend, folder));
                backends.Add(backend with { State = BackendState.Active });
            }
            catch (PluginRefusedException e)
            {
                backends.Add(Refuse(backend, e));
            }
        }

        if (streamers.Count == 0)
        {
            plugin.Dispose();
            return backends;
        }

        var number = _generations[told.Name] = _generations.GetValueOrDefault(told.Name) + 1;
        var generation = new PluginGeneration(number, told.Name, kind, plugin, streamers, time, _logger);
        return [.. backends.Select(backend => backend.State == BackendState.Active ? Accept(backend with { Generation = generation }) : backend)];
    }

    private ILogStreamer Create(IsolatedPlugin plugin, ILogStreamerPlugin entry, Backend backend, string folder)
    {
        var section = BackendSection.Of(backend.Name, backend.Cluster, _options);
        RequireEnabled(section);
        try
        {
            return entry.Create(new PluginContext
            {
                Cluster = backend.Cluster,
                Configuration = section,
                LoggerFactory = loggers,
                TimeProvider = time,
                Directory = folder,
                Archive = new ArchiveTiming { QuietPeriod = _options.Archive.QuietPeriod, MinimumAfterEnd = _options.Archive.MinimumAfterEnd, LagLimit = _options.Archive.LagLimit },
                MaxLineBytes = _options.Limits.MaxLineBytes,
            }) ?? throw new PluginRefusedException(BackendState.Malfunctioned, $"Plugin {backend.Name} created no streamer.");
        }
        catch (BackendDisabledException e)
        {
            throw new PluginRefusedException(BackendState.Disabled, e.Message);
        }
        catch (BackendConfigurationException e)
        {
            throw new PluginRefusedException(BackendState.Malfunctioned, e.Message + BackendSection.WhereOn(backend.Cluster, backend.Name, _options));
        }
        catch (Exception e) when (e is not PluginRefusedException)
        {
            plugin.RequireIsolation(e);
            throw new PluginRefusedException(BackendState.Malfunctioned, $"Plugin {backend.Name} could not create its streamer; the host's log has the exception.", e);
        }
    }

    private static void RequireEnabled(IConfigurationSection section)
    {
        var key = ConfigurationPath.Combine(section.Path, "Enabled");
        if (section["Enabled"] is not { } text)
        {
            return;
        }

        if (!bool.TryParse(text, out var enabled))
        {
            throw new PluginRefusedException(BackendState.Malfunctioned, $"{key} is '{text}'; it must be true or false.");
        }

        if (!enabled)
        {
            throw new PluginRefusedException(BackendState.Disabled, $"{key} is false.");
        }
    }

    private Backend Refuse(Backend backend, PluginRefusedException refusal)
    {
        if (refusal.State == BackendState.Disabled)
        {
            Log.BackendDisabled(_logger, backend.Name, backend.Cluster, refusal.Message);
        }
        else
        {
            Log.BackendRefused(_logger, backend.Name, backend.Cluster, refusal.State, refusal.Message, refusal.InnerException);
        }

        return backend with { State = refusal.State, Reason = refusal.Message };
    }

    private Backend Accept(Backend backend)
    {
        Log.BackendActive(_logger, backend.Name, backend.Cluster, backend.Version!);
        return backend;
    }
}
