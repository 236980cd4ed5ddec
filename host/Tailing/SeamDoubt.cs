namespace RunLogs.Host.Tailing;

/// <summary>What cannot be promised of the place where a tail went on.</summary>
internal enum SeamDoubt
{
    /// <summary>Nothing is lost and nothing repeated.</summary>
    None,

    /// <summary>Times or texts differ from those delivered: lines may be repeated or missing.</summary>
    Inexact,

    /// <summary>Nothing of what was delivered last was found: lines may be missing.</summary>
    LinesLost,
}
