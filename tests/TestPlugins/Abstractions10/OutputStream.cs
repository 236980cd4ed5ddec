namespace RunLogs.Abstractions;

/// <summary>The stream of the container a line was written to.</summary>
public enum OutputStream : byte
{
    /// <summary>The source does not tell.</summary>
    Unknown,
    /// <summary>Standard output.</summary>
    Stdout,
    /// <summary>Standard error.</summary>
    Stderr,
}
