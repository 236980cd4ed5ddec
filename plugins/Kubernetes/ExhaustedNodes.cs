using System.Collections.Concurrent;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>The nodes whose kubelet could not follow one more log a moment ago: logs of theirs are polled meanwhile.</summary>
internal sealed class ExhaustedNodes(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, long> _since = new(StringComparer.Ordinal);

    private static TimeSpan Rest => TimeSpan.FromSeconds(10);

    public void Add(string? node) => _since[node ?? ""] = time.GetTimestamp();

    /// <summary>Whether following is worth a try.</summary>
    public bool MayFollow(string? node)
    {
        if (!_since.TryGetValue(node ?? "", out var since))
        {
            return true;
        }

        var isOver = time.GetElapsedTime(since) >= Rest;
        if (isOver)
        {
            _since.TryRemove(KeyValuePair.Create(node ?? "", since));
        }

        return isOver;
    }
}
