namespace RunLogs.Comparison.Api;

/// <summary>Sends logs.</summary>
internal sealed class LogAnswers(PreparedLog prepared, TickWheel wheel)
{
    // What is handed over at once of what is there.
    private const int SecondsAtOnce = 64;

    public async Task SendAsync(LogQuery query, ILogBody body, CancellationToken cancellationToken)
    {
        switch (query.Pod.Kind)
        {
            case PodKind.Ticks when query.Follow:
                await wheel.SendAsync(body, cancellationToken);
                break;
            case PodKind.Quiet when query.Follow:
                await new Ticks(body).TickOnceAsync();
                await body.Gone.WaitAsync(cancellationToken);
                break;
            case PodKind.Ended or PodKind.Endless:
                await SendLinesAsync(query, body, cancellationToken);
                break;
        }
    }

    private async Task SendLinesAsync(LogQuery query, ILogBody body, CancellationToken cancellationToken)
    {
        var own = Memory<byte>.Empty;
        for (var line = query.First; line < query.Pod.Lines;)
        {
            // 1. Whole seconds that were prepared, many at once.
            var second = line / LogText.LinesPerSecond;
            var whole = Math.Min(query.Pod.Lines / LogText.LinesPerSecond, Math.Min(prepared.Seconds, second + SecondsAtOnce));
            if (line % LogText.LinesPerSecond == 0 && second < whole)
            {
                await body.SendSecondsAsync(prepared.Range(second, whole), cancellationToken);
                line = whole * LogText.LinesPerSecond;
                continue;
            }

            // 2. Any other second, in an array of this answer's own.
            own = own.IsEmpty ? LogText.NewSecond() : own;
            LogText.Stamp(own.Span, second);
            var (from, to) = ((int)(line % LogText.LinesPerSecond), (int)Math.Min(LogText.LinesPerSecond, query.Pod.Lines - (second * LogText.LinesPerSecond)));
            if (from == 0 && to == LogText.LinesPerSecond)
            {
                await body.SendSecondsAsync(own, cancellationToken);
            }
            else
            {
                await SendPiecesAsync(body, own, from, to, cancellationToken);
            }

            line += to - from;
        }
    }

    private static async Task SendPiecesAsync(ILogBody body, Memory<byte> second, int from, int to, CancellationToken cancellationToken)
    {
        while (from < to)
        {
            var piece = LogText.Piece(second, from, to);
            await body.SendAsync(piece, cancellationToken);
            from += piece.Length / LogText.LineLength;
        }
    }
}
