using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>A position as it is kept: what a cursor carries, and what a seam is laid at.</summary>
internal sealed record PositionRecord
{
    public ContainerInstance? Instance { get; init; }

    /// <summary>The time of the newest line that has one.</summary>
    public LogTimestamp Newest { get; init; } = LogTimestamp.None;

    /// <summary>The second from which the counts are complete; <see cref="long.MinValue"/> from the start, <see cref="long.MaxValue"/> when not known yet.</summary>
    public long CountedFrom { get; init; } = long.MinValue;

    /// <summary>The lines delivered since the second to reopen from, in ascending order.</summary>
    public LineCount[] Counts { get; init; } = [];

    public LineCount Timeless { get; init; } = LineCount.Timeless;

    /// <summary>The newest lines, oldest first.</summary>
    public LineMark[] Tail { get; init; } = [];

    /// <summary>Parts of an unfinished line that were delivered.</summary>
    public int PartsOfOpenLine { get; init; }

    /// <summary>The second to reopen from; <see cref="long.MinValue"/> when no line had a time.</summary>
    public long SinceSecond => Newest.IsNone ? long.MinValue : Newest.UnixSeconds - 1;

    /// <summary>Whether all lines since the second to reopen from are counted.</summary>
    public bool IsCounted => SinceSecond >= CountedFrom;
}
