using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>Walks records from the end to a place with enough lines after it at which no line is half written.</summary>
internal sealed class TailSearch(long lines)
{
    // The parts of a line lie close together: a stream that wrote nothing for so long has no half line.
    private const long LongestGap = 1024 * 1024;

    private long _missing = lines;
    private bool _knowsStdout;
    private bool _knowsStderr;

    /// <summary>The place found so far, in the file visited last.</summary>
    public long Place { get; private set; }

    /// <summary>Whether there are enough lines after the place, though one may be half written there.</summary>
    public bool HasEnough => _missing == 0;

    /// <summary>Begins a file where its last whole record ends.</summary>
    public void Begin(long place) => Place = place;

    /// <summary>Looks at the record before those seen so far; true when the place is found.</summary>
    public bool Visit(long offset, ReadOnlySpan<byte> head)
    {
        if (HasEnough && Place - offset > LongestGap)
            return true;

        var record = CriRecord.Parse(head[..Math.Min(head.Length, CriRecord.MaxHeadBytes)]);
        if (!HasEnough || record.IsPart)
        {
            // Whether a stream's line is half written here is told by the record of that stream before here.
            _missing -= HasEnough || record.IsPart ? 0 : 1;
            (Place, _knowsStdout, _knowsStderr) = (offset, false, false);
            return false;
        }

        _knowsStdout |= record.Stream == OutputStream.Stdout;
        _knowsStderr |= record.Stream == OutputStream.Stderr;
        return _knowsStdout && _knowsStderr;
    }
}
