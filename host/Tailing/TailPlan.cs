using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>What one call streams: the logs of one or several containers, and from which sources.</summary>
internal sealed record TailPlan
{
    /// <summary>One request per container; at least one. Its index names the log within the tail.</summary>
    public required IReadOnlyList<TailRequest> Logs { get; init; }

    /// <summary>Which kinds of backends are asked.</summary>
    public SourceSelection Sources { get; init; }

    /// <summary>The log as operators read it in the host's log.</summary>
    public string Subject => Logs is [var only]
        ? $"{only.Attempt?.ToString() ?? "a pod"} ({only.Namespace}/{only.Pod}/{only.Container})"
        : $"{Logs[0].Attempt?.ToString() ?? "a pod"} ({Logs.Count} containers)";

    /// <summary>The plan of one container's log.</summary>
    public static TailPlan Of(TailRequest log) => new() { Logs = [log] };
}
