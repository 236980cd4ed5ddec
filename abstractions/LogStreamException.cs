namespace RunLogs.Abstractions;

/// <summary>A failure that a client may see.</summary>
/// <param name="error">Its kind, which decides whether the host retries or moves on.</param>
/// <param name="message">A sentence for people, safe for a client: which pod or setting, what to do; never a secret.</param>
/// <param name="reason">A constant such as <c>FORBIDDEN</c>: 1 to 63 of <c>A-Z</c>, <c>0-9</c> and <c>_</c>.</param>
/// <param name="inner">The cause, for the host's own log; its text never reaches a client.</param>
public sealed class LogStreamException(LogStreamError error, string message, string reason, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of the failure.</summary>
    public LogStreamError Error { get; } = error;
    /// <summary>The reason as a constant for programs.</summary>
    public string Reason { get; } = reason;
    /// <summary>How long the source asked us to wait, where it did.</summary>
    public TimeSpan? RetryAfter { get; init; }
    /// <summary>Whether nothing failed, so that the host opens the backend again at the position for as long as it takes and uses up none of <c>RunLogs:Retry</c>.</summary>
    /// <remarks>Since 1.1, for errors that are tried again. The host waits for <see cref="RetryAfter"/> and tells the client so once (<see cref="LogNoticeKind.Throttled"/>); without one, 50 ms at most and nothing is told.</remarks>
    public bool IsPause { get; init; }
}
