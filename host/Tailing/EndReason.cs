namespace RunLogs.Host.Tailing;

/// <summary>Why a tail ended; the numbers of <c>runlogs.v1.Closing.EndReason</c>.</summary>
internal enum EndReason
{
    ContainerEnded = 1,
    AsFarAsAsked = 2,
    ClientGone = 3,
    Deadline = 4,
    ShuttingDown = 5,
    BackendReplaced = 6,
    Failed = 7,
    SourceGone = 8,
}
