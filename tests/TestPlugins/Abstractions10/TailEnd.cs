namespace RunLogs.Abstractions;

/// <summary>How one call of <see cref="ILogStreamer.TailLogsAsync"/> ended.</summary>
public enum TailEnd
{
    /// <summary>The container ended and all of its log was sent.</summary>
    Complete,
    /// <summary>The pod vanished mid-stream; another backend may know the rest.</summary>
    SourceGone,
    /// <summary>Everything that was asked for was sent; the container may write more.</summary>
    Stopped,
}
