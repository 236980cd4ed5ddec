namespace RunLogs.Abstractions;

/// <summary>The index of one line, or one part of a long line, within a <see cref="LogBatch"/>.</summary>
public readonly struct LogEntry
{
    /// <summary>When the line was written, or <see cref="LogTimestamp.None"/>.</summary>
    public LogTimestamp Timestamp { get; internal init; }
    /// <summary>Where its text begins in the batch's buffer, in bytes: read it by <see cref="LogBatch.TextOf"/>.</summary>
    public int Offset { get; internal init; }
    /// <summary>The length of its text in bytes of UTF-8, without the line feed.</summary>
    public int Length { get; internal init; }
    /// <summary>The stream it was written to.</summary>
    public OutputStream Stream { get; internal init; }
    /// <summary>Who wrote it.</summary>
    public LogOriginator Originator { get; internal init; }
    /// <summary>What follows it.</summary>
    public LineEnd End { get; internal init; }
}
