namespace RunLogs.Host.Tailing;

/// <summary>How a reopened source's lines are told from those delivered before; another is tried when one failed.</summary>
internal enum SeamMode
{
    /// <summary>By their number in each millisecond, checked by a digest: exact.</summary>
    Count,

    /// <summary>By finding the newest delivered lines in the same sequence at their time.</summary>
    Search,

    /// <summary>By finding the newest delivered lines in the same sequence within two seconds of their time.</summary>
    SearchNear,

    /// <summary>Each line by itself, by text and time; never fails.</summary>
    Match,
}
