using RunLogs.Host.Plugins;

namespace RunLogs.Host.Tailing;

/// <summary>What tailing needs of the plugin catalog.</summary>
internal interface IBackends
{
    /// <summary>The backends to ask, in order, for a project's attempts on a cluster; names only, whatever their state.</summary>
    IReadOnlyList<string> ChainOf(string cluster, string? project);

    /// <summary>A hold on the backend's current generation, or null when it is not Active for this cluster; <paramref name="reason"/> then says why.</summary>
    PluginLease? TryLease(string backend, string cluster, out string reason);
}
