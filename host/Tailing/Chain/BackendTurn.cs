using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Host.Api;
using RunLogs.Host.Plugins;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Asks one backend of a chain for the log from its position on.</summary>
internal sealed class BackendTurn(ChainLog log, IBackends backends, SourceSelection sources, RunLogsOptions options, TailTelemetry telemetry, TimeProvider time, ILogger logger)
{
    private static readonly RetryOptions Once = new() { BeforeFirstLine = TimeSpan.Zero, WhileFollowing = TimeSpan.Zero };

    private bool _knowsBeginning = !MissingBeginning.Matters(log.Request, log.Position);
    private long _newFrom = -1;

    /// <summary>The backends that can be asked, in order.</summary>
    public required IReadOnlyList<string> Chain { get; init; }

    /// <summary>Until when archives may receive what is missing; null while no end is known.</summary>
    public LogTimestamp? LagLimit => log.Request.EndedAt?.Add(options.Archive.LagLimit);

    /// <summary>The live source that was found to be back.</summary>
    public string? LiveAgain { get; private set; }

    /// <summary>Whether an archive was seen to end before the position.</summary>
    public bool IsShort { get; private set; }

    /// <summary>Whether archives may still receive what is missing.</summary>
    public bool MayLag => LagLimit is not { } limit || log.Now < limit;

    /// <summary>One turn of a backend.</summary>
    /// <param name="backend">Its name.</param>
    /// <param name="again">Whether it was asked before: it is then not retried, as it will be asked once more.</param>
    /// <param name="cancellationToken">The tail's.</param>
    public async Task<ChainAnswer> AskAsync(string backend, bool again, CancellationToken cancellationToken)
    {
        var linesBefore = log.Position.Lines;
        while (true)
        {
            using var lease = backends.TryLease(backend, log.Request.Cluster, out var reason);
            if (lease is null)
            {
                GiveUp(new Verdict(backend, null, StatusCode.Unavailable, "BACKEND_NOT_ACTIVE", $"The backend {backend} is not active: {reason}"));
                return ChainAnswer.Failed;
            }

            if (sources == (lease.Kind == LogSourceKind.Live ? SourceSelection.PersistedOnly : SourceSelection.LiveOnly))
            {
                return ChainAnswer.Skipped;
            }

            using var replaced = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Replaced);
            var reader = new SourceReader(lease, log.Position, log.Output, again ? Once : options.Retry, time, logger);
            AnnounceChange(backend);
            try
            {
                return lease.Kind == LogSourceKind.Live ? await ReadLiveAsync(reader, replaced.Token) : await ReadArchiveAsync(reader, backend, replaced.Token);
            }
            catch (OperationCanceledException) when (lease.Replaced.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The plugin was replaced: the tail goes on with its next generation, at the position.
            }
            catch (LogStreamException error) when (error.Error == LogStreamError.NotFound && (log.Position.Lines > linesBefore || (lease.Kind == LogSourceKind.Live && log.Position.HasLines)))
            {
                // It had the log a moment ago, or when the cursor was given: the pod vanished while the stream was being reopened.
                return ChainAnswer.PodGone;
            }
            catch (LogStreamException error)
            {
                GiveUp(VerdictOf(lease, error));
                return ChainAnswer.Failed;
            }
        }
    }

    private async Task<ChainAnswer> ReadLiveAsync(SourceReader reader, CancellationToken cancellationToken)
    {
        if (!_knowsBeginning && !log.Position.HasLines)
        {
            using var aside = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var missing = new MissingBeginning(aside.Cancel);
            try
            {
                var end = await reader.ReadAsync(log.Request, new SourceWatch(log, missing) { IsLive = true }, mayLag: false, _newFrom, aside.Token);
                if (!missing.IsMissing)
                {
                    return AnswerOf(end);
                }
            }
            catch (Exception error) when (missing.IsMissing && !cancellationToken.IsCancellationRequested && error is OperationCanceledException or LogStreamException)
            {
                // Put aside; it is opened again below.
            }

            var isApart = await new BackFill(log, backends, time, logger).ReadAsync(Chain, sources, missing, cancellationToken);
            (_knowsBeginning, _newFrom) = (true, isApart ? log.Position.Lines : -1);
            AnnounceChange(reader.Backend);
        }

        return AnswerOf(await reader.ReadAsync(log.Request, new SourceWatch(log) { IsLive = true }, mayLag: false, _newFrom, cancellationToken));
    }

    private async Task<ChainAnswer> ReadArchiveAsync(SourceReader reader, string backend, CancellationToken cancellationToken)
    {
        // An archive that has the log of a pod nobody sees any more is then given the time to receive the rest of it; whether it has any is known at once.
        if (log.Request.Follow == FollowMode.Auto && (log.LostBy is not null ? MayLag : log.Verdicts.PodIsGone && log.Request.EndedAt is null))
        {
            var first = await ReadOnceAsync(reader, log.Request with { Follow = FollowMode.Never }, backend, cancellationToken);
            log.EndNow();
            if (first != ChainAnswer.AsFarAsAsked)
            {
                return first;
            }
        }

        if (log.Request.Follow != FollowMode.Auto || log.Verdicts.FailedLive is not { } failed)
        {
            return await ReadOnceAsync(reader, log.Request, backend, cancellationToken);
        }

        return await FollowUntilLiveAsync(reader, backend, new LiveProbe(backends, failed, log.Request, time), cancellationToken);
    }

    private async Task<ChainAnswer> ReadOnceAsync(SourceReader reader, TailRequest request, string backend, CancellationToken cancellationToken)
    {
        // What an archive gave itself it cannot still be waiting for.
        var watch = new SourceWatch(log);
        var end = await reader.ReadAsync(request, watch, mayLag: log.Output.Source != backend, newFrom: -1, cancellationToken);
        if (end is null && !MayLag && HasPassed(watch.Newest))
        {
            // It will not get better: what it has beyond is taken as it is.
            end = await reader.ReadAsync(request, watch, mayLag: false, newFrom: -1, cancellationToken);
            log.Doubts.Add(Completeness.Unknown, $"{backend} does not have all lines of pod {request.Pod} that were streamed before: its last lines may be missing.");
        }

        if (end is null)
        {
            IsShort |= !watch.Newest.IsNone && !HasPassed(watch.Newest);
            GiveUp(new Verdict(backend, LogSourceKind.Archive, StatusCode.Unavailable, Verdict.LagPending, $"{backend} has not received the log of pod {request.Pod} as far as it was streamed already; ask again later"));
        }

        return AnswerOf(end);
    }

    private bool HasPassed(LogTimestamp newest) => newest.UnixNanoseconds / 1_000_000 >= log.Position.Newest.UnixNanoseconds / 1_000_000;

    private async Task<ChainAnswer> FollowUntilLiveAsync(SourceReader reader, string backend, LiveProbe probe, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadOnceAsync(reader, log.Request, backend, stop.Token);
        var asking = probe.WaitForAnswerAsync(stop.Token);
        try
        {
            if (await Task.WhenAny(reading, asking) == reading)
            {
                return await reading;
            }
        }
        finally
        {
            stop.Cancel();
            await ((Task)Task.WhenAll(reading, asking)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (reading.IsCompletedSuccessfully)
        {
            return await reading;
        }

        if (await asking)
        {
            log.Verdicts.Remove(LiveAgain = probe.Backend);
            return ChainAnswer.LiveAgain;
        }

        log.Verdicts.Add(new Verdict(probe.Backend, LogSourceKind.Live, StatusCode.NotFound, "NOT_FOUND", $"pod {log.Request.Pod} not found in namespace {log.Request.Namespace}"));
        if (log.Position.HasLines)
        {
            log.Lose(probe.Backend);
        }

        log.EndNow();
        return await ReadOnceAsync(reader, log.Request, backend, cancellationToken);
    }

    private static ChainAnswer AnswerOf(TailEnd? end) => end switch
    {
        TailEnd.Complete => ChainAnswer.Complete,
        TailEnd.Stopped => ChainAnswer.AsFarAsAsked,
        TailEnd.SourceGone => ChainAnswer.PodGone,
        _ => ChainAnswer.Behind,
    };

    private void AnnounceChange(string backend)
    {
        log.Output.Discard(LogNoticeKind.SourceChanged);
        if (log.Output.Source is { } before && before != backend)
        {
            var why = log.LostBy == before ? $"{before} lost the pod {log.Request.Pod}: its log" : $"The log of pod {log.Request.Pod} came from {before} so far and";
            log.Output.Announce(new LogNotice(LogNoticeKind.SourceChanged, $"{why} goes on from {backend}."));
        }
    }

    private Verdict VerdictOf(PluginLease lease, LogStreamException error)
    {
        var verdict = new Verdict(lease.Backend, lease.Kind, StatusTable.CodeOf(error.Error), error.Reason, error.Message);
        return verdict is { Kind: LogSourceKind.Archive, Code: StatusCode.NotFound } && LagLimit is { } limit && log.Now < limit
            ? verdict with { Reason = Verdict.LagPending, Message = $"{error.Message}; it may still arrive until {limit}" }
            : verdict;
    }

    private void GiveUp(Verdict verdict)
    {
        if (!log.Verdicts.Add(verdict))
        {
            return;
        }

        telemetry.FellBack(verdict.Backend, verdict.Reason);
        if (verdict.Code != StatusCode.NotFound && verdict.Reason != Verdict.LagPending)
        {
            logger.BackendGivenUp(verdict.Backend, log.Request.Namespace, log.Request.Pod, verdict.Reason, verdict.Message);
            log.Output.Announce(new LogNotice(LogNoticeKind.SourceFailed, $"{verdict.Backend} failed and the next backend was asked: {verdict.Message}"));
        }
    }
}
