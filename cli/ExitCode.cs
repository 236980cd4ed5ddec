namespace RunLogs.Cli;

/// <summary>What a script is told.</summary>
internal static class ExitCode
{
    /// <summary>All that was asked for was printed.</summary>
    public const int Done = 0;

    /// <summary>The server, or a log backend, failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or what it asks for, is wrong.</summary>
    public const int Usage = 2;

    /// <summary>There is no such run, pod or log.</summary>
    public const int NotFound = 3;

    /// <summary>The server cannot be reached, or could not be again in time.</summary>
    public const int Unreachable = 4;

    /// <summary>The caller, or RunLogs at a log backend, lacks a right.</summary>
    public const int Denied = 5;

    /// <summary>The log ended, but lines of it are or may be missing.</summary>
    public const int Incomplete = 6;

    /// <summary>Ended by Ctrl+C or a signal.</summary>
    public const int Interrupted = 130;

    /// <summary>Whoever read the output left.</summary>
    public const int OutputClosed = 141;
}
