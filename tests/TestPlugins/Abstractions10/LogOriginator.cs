namespace RunLogs.Abstractions;

/// <summary>Who wrote a line.</summary>
public enum LogOriginator : byte
{
    /// <summary>The source does not tell.</summary>
    Unknown,
    /// <summary>The user's workload.</summary>
    User,
    /// <summary>The platform around it.</summary>
    System,
}
