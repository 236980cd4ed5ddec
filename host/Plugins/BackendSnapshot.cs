using System.Collections.Frozen;

namespace RunLogs.Host.Plugins;

/// <summary>The backends at one moment; never changed, only replaced.</summary>
internal sealed class BackendSnapshot
{
    // Live ahead of archives would need their word for it; this is the settings' promise.
    private const string First = "Kubernetes";

    private readonly FrozenDictionary<string, FrozenDictionary<string, Backend>> _byCluster;

    public BackendSnapshot(IEnumerable<Backend> backends)
    {
        All = [.. backends];
        _byCluster = All.GroupBy(backend => backend.Cluster, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(cluster => cluster.Key, ByName, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<Backend> All { get; }

    public Backend? Find(string name, string cluster) => _byCluster.GetValueOrDefault(cluster)?.GetValueOrDefault(name);

    /// <summary>Kubernetes, then the other active backends by name.</summary>
    /// <remarks>A Kubernetes that is broken stays in: left out, a pod would be reported as not found where nobody looked.</remarks>
    public IReadOnlyList<string> DefaultChainOn(string cluster)
    {
        var backends = _byCluster.GetValueOrDefault(cluster)?.Values ?? [];
        return [.. backends
            .Where(backend => backend.State == BackendState.Active || (IsFirst(backend) && backend.State != BackendState.Disabled))
            .OrderByDescending(IsFirst)
            .ThenBy(backend => backend.Name, StringComparer.OrdinalIgnoreCase)
            .Select(backend => backend.Name)];
    }

    private static bool IsFirst(Backend backend) => string.Equals(backend.Name, First, StringComparison.OrdinalIgnoreCase);

    // A folder may bear the name of another folder's plugin, and an old generation has its backend's: what serves comes first, what leaves last.
    private static FrozenDictionary<string, Backend> ByName(IEnumerable<Backend> backends) => backends
        .GroupBy(backend => backend.Name, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(same => same.Key, same => same.MinBy(backend => backend.State switch { BackendState.Active => 0, BackendState.Draining => 2, _ => 1 })!, StringComparer.OrdinalIgnoreCase);
}
