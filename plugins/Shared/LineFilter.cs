using RunLogs.Abstractions;

namespace RunLogs.Plugins;

/// <summary>Which lines of a container are asked for: by each line's own time, and then the last ones only.</summary>
internal sealed class LineFilter(LogTimestamp? since, LogTimestamp? until)
{
    /// <summary>How many of the lines asked for are still to be left out.</summary>
    public long Skip { get; set; }

    /// <summary>Decides about the next line, once.</summary>
    public bool Takes(LogTimestamp time)
    {
        if (!Wants(time))
            return false;

        if (Skip == 0)
            return true;

        Skip--;
        return false;
    }

    public bool Wants(LogTimestamp time) => time.IsNone || ((since is null || time >= since) && (until is null || time < until));
}
