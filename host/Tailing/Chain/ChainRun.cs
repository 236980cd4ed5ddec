using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Leads one container's log through its chain, from backend to backend, until one of them brings it to an end.</summary>
internal sealed class ChainRun(ChainLog log, BackendTurn turn, SourceSelection sources, TailTelemetry telemetry, TimeProvider time)
{
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(5);

    private List<string> _order = [.. turn.Chain];
    private bool _isBehind;
    private bool _saidLag;

    /// <summary>Streams the log and returns how it ended; throws <see cref="TailFailedException"/> when no backend could.</summary>
    public async Task<LogOutcome> RunAsync(CancellationToken cancellationToken)
    {
        // Who stands behind the end that is asked for has all of it: no source could show where.
        var reason = log.Request.Until is { } until && log.Position.HasReached(until) ? EndReason.AsFarAsAsked : await RoundAsync(again: false, cancellationToken);
        while (reason is null && MayCatchUp())
        {
            await WaitAsync(cancellationToken);
            reason = await RoundAsync(again: true, cancellationToken);
        }

        reason ??= Gone();
        if (reason == EndReason.AsFarAsAsked)
        {
            log.Doubts.Add(Completeness.Unknown, "The container may write more.");
        }

        await log.Output.FlushNoticesAsync(cancellationToken);
        return log.Doubts.Outcome(reason.Value);
    }

    // One turn for every backend; null when none brought the log to its end.
    private async Task<EndReason?> RoundAsync(bool again, CancellationToken cancellationToken)
    {
        _isBehind = false;
        for (var next = 0; next < _order.Count;)
        {
            var backend = _order[next++];
            if (again && !log.Verdicts.MayMend(backend))
            {
                continue;
            }

            switch (await turn.AskAsync(backend, again, cancellationToken))
            {
                case ChainAnswer.Complete:
                    return EndReason.ContainerEnded;
                case ChainAnswer.AsFarAsAsked:
                    return EndReason.AsFarAsAsked;
                case ChainAnswer.Behind:
                    _isBehind = true;
                    break;
                case ChainAnswer.PodGone:
                    log.Lose(backend);
                    telemetry.FellBack(backend, "SOURCE_GONE");
                    (_order, next) = ([.. _order[next..], .. _order[..(next - 1)]], 0);
                    break;
                case ChainAnswer.LiveAgain:
                    _order = [.. turn.Chain.Where(name => name != log.LostBy)];
                    next = _order.IndexOf(turn.LiveAgain!);
                    again = false;
                    break;
            }
        }

        return null;
    }

    private bool MayCatchUp() => log.Request.Follow == FollowMode.Auto && turn is { LagLimit: not null, MayLag: true } && (log.LostBy is not null || _isBehind) && log.Verdicts.MayCatchUp;

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var left = turn.LagLimit!.Value.ToDateTimeOffset() - time.GetUtcNow();
        if (!_saidLag)
        {
            _saidLag = true;
            log.Output.Announce(new LogNotice(
                LogNoticeKind.ArchiveLag, $"The pod {log.Request.Pod} is gone, and no archive has all of its log yet: they are asked again until {turn.LagLimit} at most."));
        }

        await log.Output.FlushNoticesAsync(cancellationToken);
        await Task.Delay(left < BetweenRounds ? left + TimeSpan.FromMilliseconds(1) : BetweenRounds, time, cancellationToken);
    }

    private EndReason Gone()
    {
        if (log.LostBy is null && !(_isBehind && !turn.MayLag && log.Verdicts.OnlyLag))
        {
            throw log.Verdicts.ToFailure(sources);
        }

        var pod = $"The pod {log.Request.Pod} is gone and";
        var (kind, why) = (turn.IsShort, _saidLag) switch
        {
            (true, true) => (LogNoticeKind.LinesLost, $"{pod} no archive caught up with it: its last lines may be missing."),
            (true, false) => (LogNoticeKind.LinesLost, $"{pod} no archive has all of its log: its last lines may be missing."),
            (false, true) => (LogNoticeKind.ArchiveLag, $"{pod} no archive received the rest of its log in time: its last lines may be missing."),
            _ => (LogNoticeKind.SourceFailed, $"{pod} no other backend has its log: its last lines may be missing."),
        };
        log.Output.Announce(new LogNotice(kind, why));
        log.Doubts.Add(Completeness.Unknown, why);
        return EndReason.SourceGone;
    }
}
