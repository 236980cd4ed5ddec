namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>When a client drops a call: after some lines or after some time, whichever is first; or never.</summary>
internal sealed class Leaving : IDisposable
{
    private readonly CancellationTokenSource _leave;
    private readonly int _afterLine;

    private Leaving(int afterLine, CancellationToken cancellationToken) =>
        (_leave, _afterLine) = (CancellationTokenSource.CreateLinkedTokenSource(cancellationToken), afterLine);

    /// <summary>Breaks the call off.</summary>
    public CancellationToken Token => _leave.Token;

    public bool HasLeft => _leave.IsCancellationRequested;

    public static Leaving Never(CancellationToken cancellationToken) => new(int.MaxValue, cancellationToken);

    public static Leaving At(int line, TimeSpan after, CancellationToken cancellationToken)
    {
        var leaving = new Leaving(line, cancellationToken);
        leaving._leave.CancelAfter(after);
        return leaving;
    }

    /// <summary>Leaves when so many lines have come; true then.</summary>
    public bool IsTime(int lines)
    {
        if (lines >= _afterLine)
        {
            _leave.Cancel();
        }

        return HasLeft;
    }

    public void Dispose() => _leave.Dispose();
}
