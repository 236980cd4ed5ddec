namespace RunLogs.Host.Tailing;

/// <summary>Whether a client got the whole log; the numbers of <c>runlogs.v1.Closing.Completeness</c>.</summary>
internal enum Completeness
{
    /// <summary>The container's end was seen, and every line up to it was delivered.</summary>
    Complete = 1,

    /// <summary>Lines are known to be missing.</summary>
    Truncated = 2,

    /// <summary>Nobody can tell.</summary>
    Unknown = 3,
}
