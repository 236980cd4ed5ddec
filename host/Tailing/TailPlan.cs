using RunLogs.Abstractions;
using RunLogs.Host.Cursors;

namespace RunLogs.Host.Tailing;

/// <summary>What one call streams: the logs of one or several containers, and from which sources.</summary>
internal sealed record TailPlan
{
    /// <summary>One request per container; at least one. Its index names the log within the tail.</summary>
    public required IReadOnlyList<TailRequest> Logs { get; init; }

    /// <summary>Which kinds of backends are asked.</summary>
    public SourceSelection Sources { get; init; }

    /// <summary>Which lines the client wants; null for all.</summary>
    public TailFilter? Filter { get; init; }

    /// <summary>What a cursor of this tail is good for.</summary>
    public CursorTarget Target { get; init; } = new(0, "");

    /// <summary>Where the client stands, by log; null, or no entry at all, for a log that it has nothing of.</summary>
    public IReadOnlyList<PositionRecord?> Positions { get; init; } = [];

    /// <summary>The log as operators read it in the host's log.</summary>
    public string Subject => Logs is [var only]
        ? $"{only.Attempt?.ToString() ?? "a pod"} ({NameOf(only)})"
        : $"{Logs[0].Attempt?.ToString() ?? "a pod"} ({Logs.Count} containers)";

    /// <summary>A log among others, in a sentence.</summary>
    public static string NameOf(TailRequest log) => $"{log.Namespace}/{log.Pod}/{log.Container}".TrimEnd('/');

    /// <summary>A log's position, where the tail begins.</summary>
    public LinePosition PositionOf(int log) => Positions.ElementAtOrDefault(log) is { } record ? LinePosition.Restore(record) : LinePosition.Before(Logs[log]);

    /// <summary>The plan of one container's log.</summary>
    public static TailPlan Of(TailRequest log) => new() { Logs = [log] };
}
