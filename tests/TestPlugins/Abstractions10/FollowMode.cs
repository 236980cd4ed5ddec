namespace RunLogs.Abstractions;

/// <summary>Whether a tail waits for lines that do not exist yet.</summary>
public enum FollowMode
{
    /// <summary>For as long as the container can still write.</summary>
    Auto,
    /// <summary>Only what exists now.</summary>
    Never,
}
