namespace RunLogs.Host.Plugins;

/// <summary>What came of loading a plugin's folder: a backend on each cluster.</summary>
/// <param name="Name">What the plugin calls itself; null when it did not come to tell.</param>
/// <param name="HasName">Whether the name is its own, and not another folder's.</param>
internal sealed record PluginActivation(string? Name, bool HasName, IReadOnlyList<Backend> Backends)
{
    public static PluginActivation None { get; } = new(null, HasName: false, []);

    public BackendState? StateOn(string cluster) => Backends.FirstOrDefault(backend => backend.Cluster == cluster)?.State;

    /// <summary>Those with a generation that serves them.</summary>
    public IEnumerable<Backend> Serving => Backends.Where(backend => backend.Generation is not null);
}
