using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>How the reading of one instance's log ended, with the reader that still holds what followed the last line feed.</summary>
internal sealed class LogRead(PodLogReader reader) : IDisposable
{
    /// <summary>Whether lines to come were waited for.</summary>
    public bool Followed { get; init; }

    /// <summary>Whether lines to come would have been waited for if the node could follow.</summary>
    public bool IsPoll { get; init; }

    /// <summary>Whether the request's time limit has passed.</summary>
    public bool TimeIsUp { get; set; }

    /// <summary>Whether what was opened may be the log of another instance; nothing of it was read.</summary>
    public bool IsOfAnother { get; set; }

    /// <summary>The last entries the reading began with; null when it began with the log.</summary>
    public long? Tail { get; init; }

    /// <summary>The time of the last line there was before the reading; null when that was not asked for.</summary>
    public LogTimestamp? NewestBefore { get; init; }

    /// <summary>The latest time that was read.</summary>
    public LogTimestamp? Newest => reader.Newest;

    /// <summary>What was read last.</summary>
    public LogMark End => reader.End;

    /// <summary>Whether none of the lines there were was asked for, and none has come since.</summary>
    public bool HasNothingOfAll => Tail == 0 && End.Lines == 0;

    /// <summary>Whether another reading that ended with this mark shows that this one reached the log's end.</summary>
    public bool EndsWith(LogMark mark) => mark == End

        // A tail may begin between lines of one time, or behind the last line.
        || (Tail is not null && End.Lines == reader.Lines && (HasNothingOfAll || (Tail > 0 && mark.Time == End.Time && mark.Lines > End.Lines && End.Lines > 0)));

    public Task TakeUnterminatedAsync(CancellationToken cancellationToken) => reader.TakeUnterminatedAsync(cancellationToken);

    public void Dispose() => reader.Dispose();
}
