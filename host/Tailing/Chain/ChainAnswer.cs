namespace RunLogs.Host.Tailing;

/// <summary>What became of a backend's turn.</summary>
internal enum ChainAnswer
{
    /// <summary>It is not of the kind that is asked for.</summary>
    Skipped,

    /// <summary>It could not; its verdict tells why.</summary>
    Failed,

    /// <summary>An archive that has not received all that was delivered already.</summary>
    Behind,

    /// <summary>It had the pod and lost it.</summary>
    PodGone,

    /// <summary>The live source that had failed answers again: the tail goes back to it.</summary>
    LiveAgain,

    /// <summary>Everything that was asked for was sent.</summary>
    AsFarAsAsked,

    /// <summary>The container ended and all of its log was sent.</summary>
    Complete,
}
