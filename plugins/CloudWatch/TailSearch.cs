using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Walks events from the newest to a place with enough lines after it at which no line is half written.</summary>
internal sealed class TailSearch(long lines)
{
    /// <summary>How many events the parts of a line may lie apart: a stream that wrote nothing for so long has no half line.</summary>
    public const int LongestGap = 256;

    private long _missing = lines;
    private int _beyond;
    private bool _knowsStdout;
    private bool _knowsStderr;

    /// <summary>Looks at the event before those seen so far; true when the place is right after it.</summary>
    public bool Visit(in ContainerEvent e, bool isWanted)
    {
        if (_missing > 0 || e.IsPart)
        {
            // Whether a stream's line is half written here is told by the event of that stream before here.
            _missing -= _missing > 0 && isWanted && !e.IsPart ? 1 : 0;
            (_knowsStdout, _knowsStderr, _beyond) = (false, false, 0);
            return false;
        }

        _knowsStdout |= e.Stream is OutputStream.Stdout or OutputStream.Unknown;
        _knowsStderr |= e.Stream is OutputStream.Stderr or OutputStream.Unknown;
        return (_knowsStdout && _knowsStderr) || ++_beyond > LongestGap;
    }
}
