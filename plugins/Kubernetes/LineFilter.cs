using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Which lines of a log are asked for: each is judged by its own timestamp, never by its place.</summary>
internal sealed class LineFilter(LogTimestamp? since, LogTimestamp? until)
{
    /// <summary>How many matching lines to leave out first.</summary>
    public long Skip { get; init; }

    /// <summary>The time of the first matching line when <see cref="Skip"/> was counted; null when it holds for any.</summary>
    public LogTimestamp? SkipFrom { get; init; }

    /// <summary>How many matching lines to take at most.</summary>
    public long Take { get; init; } = long.MaxValue;

    /// <summary>How many lines matched by time.</summary>
    public long Matched { get; private set; }

    /// <summary>The time of the first line that matched.</summary>
    public LogTimestamp? First { get; private set; }

    public bool Takes(LogTimestamp time)
    {
        if (time < since || time >= until)
        {
            return false;
        }

        First ??= time;

        // The file was rotated since its lines were counted: better too many than too few.
        var skip = SkipFrom is null || SkipFrom == First ? Skip : 0;
        return Matched++ >= skip && Matched - skip <= Take;
    }
}
