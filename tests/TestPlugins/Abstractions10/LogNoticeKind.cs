namespace RunLogs.Abstractions;

/// <summary>What a notice tells.</summary>
public enum LogNoticeKind
{
    /// <summary>The tail goes on in another backend.</summary>
    SourceChanged = 1,
    /// <summary>Lines were rotated away, dropped or truncated at the source.</summary>
    LinesLost = 2,
    /// <summary>A line above the limit came in parts.</summary>
    LineCut = 3,
    /// <summary>Waiting for a quota.</summary>
    Throttled = 4,
    /// <summary>Waiting for an archive to catch up.</summary>
    ArchiveLag = 5,
    /// <summary>The container restarted; its next instance follows.</summary>
    InstanceRestarted = 6,
    /// <summary>The same backend was reopened at the position.</summary>
    SourceReconnected = 7,
    /// <summary>A backend failed and the chain went on without it.</summary>
    SourceFailed = 8,
    /// <summary>The source cannot give the original text or time.</summary>
    Inexact = 9,
}
