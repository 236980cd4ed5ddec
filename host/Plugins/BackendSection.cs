using RunLogs.Host.Settings;

namespace RunLogs.Host.Plugins;

/// <summary>A backend's own settings on a cluster: <c>RunLogs:Backends:&lt;Name&gt;</c> with the cluster's on top.</summary>
internal static class BackendSection
{
    public static string PathOf(string backend) => ConfigurationPath.Combine(RunLogsOptions.Section, nameof(RunLogsOptions.Backends), backend);

    public static IConfigurationSection Of(string backend, string cluster, RunLogsOptions options)
    {
        var path = PathOf(backend);
        var layers = new ConfigurationBuilder();
        foreach (var backends in new[] { options.Backends, options.Clusters.GetValueOrDefault(cluster)?.Backends })
        {
            // Both under the path of the first: it is the one that messages name.
            layers.AddInMemoryCollection(backends?.GetSection(backend).AsEnumerable(makePathsRelative: true)
                .Where(setting => setting.Value is not null)
                .Select(setting => KeyValuePair.Create(ConfigurationPath.Combine(path, setting.Key), setting.Value)));
        }

        return layers.Build().GetSection(path);
    }

    /// <summary>Where the settings stand, for sentences about one cluster.</summary>
    public static string WhereOn(string cluster, string backend, RunLogsOptions options) =>
        options.Clusters.GetValueOrDefault(cluster)?.Backends?.GetSection(backend) is { } own && own.Exists()
            ? $" On cluster {cluster}, {own.Path} is laid over {PathOf(backend)}."
            : "";
}
