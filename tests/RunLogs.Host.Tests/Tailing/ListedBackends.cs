using RunLogs.Abstractions;
using RunLogs.Host.Plugins;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>Backends given by a test, in the order of the chain; the first of them is live unless told.</summary>
internal sealed class ListedBackends(params (string Name, LogSourceKind Kind, ILogStreamer Streamer)[] backends) : IBackends
{
    public int OpenLeases { get; private set; }

    /// <summary>One more of the chain, that no plugin offers.</summary>
    public string? Unloaded { get; set; }

    public IReadOnlyList<string> ChainOf(string cluster, string? project) => [.. backends.Select(backend => backend.Name), .. Unloaded is null ? [] : new[] { Unloaded }];

    public PluginLease? TryLease(string backend, string cluster, out string reason)
    {
        reason = backend == Unloaded ? "No plugin offers it." : "";
        if (backend == Unloaded)
        {
            return null;
        }

        var (name, kind, streamer) = backends.Single(listed => listed.Name == backend);
        OpenLeases++;
        return new PluginLease(name, kind, streamer, () => OpenLeases--, CancellationToken.None);
    }
}
