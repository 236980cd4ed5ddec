namespace RunLogs.Host.Tailing;

/// <summary>How a reopened source's lines are told from those delivered before; each is tried when the one above it failed.</summary>
internal enum SeamMode
{
    /// <summary>By their number from a whole second on, checked by a digest.</summary>
    Count,

    /// <summary>By finding the newest delivered lines in the same sequence.</summary>
    Search,

    /// <summary>By time alone: what was delivered last is gone at the source.</summary>
    Time,
}
