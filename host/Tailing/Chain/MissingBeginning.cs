using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Finds out, by its first line, whether a live source still has the beginning of an instance's log, and stops it if not.</summary>
internal sealed class MissingBeginning(Action stop)
{
    /// <summary>How long a container may be silent at first.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private LogTimestamp? _start;
    private bool _isSeen;

    /// <summary>When the instance began; none as long as nothing is missing.</summary>
    public LogTimestamp Start { get; private set; } = LogTimestamp.None;

    /// <summary>The first line that the live source has; none as long as nothing is missing.</summary>
    public LogTimestamp FirstLine { get; private set; } = LogTimestamp.None;

    /// <summary>The instance that it is of, as far as known.</summary>
    public ContainerInstance? Instance { get; private set; }

    public bool IsMissing => !FirstLine.IsNone;

    /// <summary>Whether a log asks for its beginning at all.</summary>
    public static bool Matters(TailRequest request, LinePosition position) =>
        request is { TailLines: null, Since: null, Instance: null, Previous: false } && position is { Lines: 0, HasLines: false };

    /// <summary>Whether the batch, and all after it, must be put aside.</summary>
    public bool IsShownBy(LogBatch batch)
    {
        (_start, Instance) = (batch.Facts?.StartedAt ?? _start, _isSeen ? Instance : batch.Instance ?? Instance);
        if (!_isSeen && batch.Entries is [var first, ..])
        {
            _isSeen = true;
            if (_start is { } start && !first.Timestamp.IsNone && first.Timestamp > start.Add(Silence))
            {
                (Start, FirstLine) = (start, first.Timestamp);
                stop();
            }
        }

        return IsMissing;
    }
}
