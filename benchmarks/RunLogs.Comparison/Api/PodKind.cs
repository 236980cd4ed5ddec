namespace RunLogs.Comparison.Api;

/// <summary>What a pod's container does.</summary>
internal enum PodKind
{
    /// <summary>It has ended, with exit code 0.</summary>
    Ended,

    /// <summary>It writes as fast as it is read.</summary>
    Endless,

    /// <summary>It writes a line each second, to each of its readers.</summary>
    Ticks,

    /// <summary>It writes one line, and then nothing.</summary>
    Quiet,
}
