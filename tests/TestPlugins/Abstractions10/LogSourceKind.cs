namespace RunLogs.Abstractions;

/// <summary>What a backend reads from.</summary>
public enum LogSourceKind
{
    /// <summary>The running system: it sees the container's state.</summary>
    Live,
    /// <summary>Copies of logs that outlive the pod.</summary>
    Archive,
}
