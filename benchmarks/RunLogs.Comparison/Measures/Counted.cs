namespace RunLogs.Comparison.Measures;

/// <summary>Whose processor time is counted while a log is read.</summary>
internal enum Counted
{
    /// <summary>The host's.</summary>
    Host,

    /// <summary>Of the program that reads it.</summary>
    Program,

    /// <summary>Nobody's: the reader lives in this process.</summary>
    Nobody,
}
