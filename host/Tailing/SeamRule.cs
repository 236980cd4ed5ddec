namespace RunLogs.Host.Tailing;

/// <summary>Tells the repeats among the lines of a reopened source.</summary>
internal abstract class SeamRule(PositionRecord position)
{
    /// <summary>How far sources' clocks may be apart, in milliseconds.</summary>
    protected const long Apart = 2000;

    /// <summary>How late lines may stand behind newer ones, in milliseconds.</summary>
    protected const long Late = 1000;

    /// <summary>How far lines of one log go back behind others, in milliseconds, where two streams meet in it.</summary>
    private const long Jitter = 10;

    protected PositionRecord Position => position;

    /// <summary>The newest of the remembered lines' milliseconds; the least value when they have no times.</summary>
    protected long Newest { get; } = position.Tail.Length == 0 ? LineMark.Timeless : position.Tail.Max(mark => mark.Millisecond);

    /// <summary>Whether all that was delivered was met again.</summary>
    public bool IsDone { get; protected set; }

    public bool IsBroken { get; protected set; }

    /// <summary>Whether lines may be repeated or missing, by what was seen.</summary>
    public SeamDoubt Doubt { get; protected set; }

    /// <summary>Whether lines that were taken for repeats may be new as long as this is not done.</summary>
    public abstract bool IsGuessing { get; }

    /// <summary>The mode to try when this one broke.</summary>
    public abstract SeamMode Next { get; }

    /// <summary>Whether a line is from the time of those delivered: a source that begins later has lost some.</summary>
    protected bool IsOld(LineMark line) => line.Millisecond <= Newest + Jitter || Newest == LineMark.Timeless;

    /// <summary>Whether a line was delivered; last tells whether it is the one that was delivered last.</summary>
    public abstract bool IsRepeat(LineMark line, ulong hash, out bool last);
}
