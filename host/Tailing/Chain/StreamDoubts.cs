using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>What speaks against calling a log complete: the worst of it, and the first sentence that says so.</summary>
internal sealed class StreamDoubts
{
    private Completeness _worst = Completeness.Complete;
    private string _why = "";

    /// <summary>Takes a notice on its way to the client.</summary>
    public void Note(LogNotice notice)
    {
        if (notice.Kind is LogNoticeKind.LinesLost or LogNoticeKind.Inexact)
        {
            Add(notice.Kind == LogNoticeKind.LinesLost ? Completeness.Truncated : Completeness.Unknown, notice.Message);
        }
    }

    public void Add(Completeness completeness, string why)
    {
        if (RankOf(completeness) > RankOf(_worst))
        {
            (_worst, _why) = (completeness, why);
        }
    }

    public LogOutcome Outcome(EndReason reason) => new(reason, _worst, _why);

    private static int RankOf(Completeness completeness) => completeness switch
    {
        Completeness.Complete => 0,
        Completeness.Unknown => 1,
        _ => 2,
    };
}
