namespace RunLogs.Abstractions;

/// <summary>A sentence about the stream, between its lines; it never counts as one.</summary>
/// <param name="kind">What it tells.</param>
/// <param name="message">A sentence for people, safe for a client.</param>
public sealed class LogNotice(LogNoticeKind kind, string message)
{
    /// <summary>What it tells.</summary>
    public LogNoticeKind Kind { get; } = kind;
    /// <summary>The sentence.</summary>
    public string Message { get; } = message;
    /// <summary>How many lines are concerned; 0 when not known.</summary>
    public long Lines { get; init; }
}
