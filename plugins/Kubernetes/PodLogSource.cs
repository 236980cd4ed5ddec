using System.Net;
using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Opens and reads the log of one instance after the other.</summary>
internal sealed class PodLogSource(ClusterConnection connection, ExhaustedNodes exhausted, SilenceWatch silence, ContainerWatch container, TailRequest request, BatchWriter batches, int maxLineBytes, TimeProvider time, ILogger logger)
{
    // No kubelet keeps a file with more lines: a longer tail is the whole log.
    private const long LongestTail = int.MaxValue;

    // Lines written just before a time limit may still be on their way at it.
    private static TimeSpan UntilMargin => TimeSpan.FromSeconds(2);

    // The kubelet ends each stream after hours; a timer need not reach further.
    private static TimeSpan LongestTimer => TimeSpan.FromDays(30);

    /// <summary>Reads one instance's log as far as it goes.</summary>
    public async Task<LogRead> ReadAsync(InstanceLog log, long? tailLines, CancellationToken cancellationToken)
    {
        var now = LogTimestamp.From(time.GetUtcNow());
        var goesOn = log.Running && request.Follow == FollowMode.Auto && !(request.Until <= now);
        var follow = goesOn && exhausted.MayFollow(container.Facts(log).Node);
        var (filter, kubeletTail, newest) = await CutAsync(log, tailLines, follow, cancellationToken);
        if (log.Running && !goesOn && tailLines is null)
        {
            newest = (await CountAsync(log, 1, cancellationToken)).Newest;
        }

        using var limit = new CancellationTokenSource(follow && request.Until is { } until ? TimeUntil(until, now) : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var reader = new PodLogReader(filter, batches, request, maxLineBytes) { MayBeginWithinLine = request.Since is not null };
        var read = new LogRead(reader) { Followed = follow, IsPoll = goesOn && !follow, Tail = kubeletTail, NewestBefore = newest };
        if (follow)
        {
            var check = new FollowCheck(this, container, log, read);
            reader.Wait = (pending, token) => silence.WaitAsync(pending, check.IsMuteAsync, Mute, token);
        }

        try
        {
            batches.MayBreakOff = follow;
            read.IsOfAnother = !await TryReadAsync(reader, log, LogUrl.Log(request, log, follow, kubeletTail), () => batches.Begin(log.Instance, container.Facts(log)), either.Token);
            return read;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            read.TimeIsUp = true;
            return read;
        }
        catch (Exception fault)
        {
            read.Dispose();
            if (fault is LogStreamException { Reason: BodyText.ExhaustedReason })
            {
                exhausted.Add(container.Facts(log).Node);
            }

            throw;
        }
    }

    /// <summary>Whether a reading reached the end the log has now: the kubelet that goes away ends a log as cleanly as its container does.</summary>
    public async Task<bool> IsWholeAsync(InstanceLog log, LogRead read, CancellationToken cancellationToken) =>
        await EndAsync(log, read, cancellationToken) is { } end && read.EndsWith(end);

    /// <summary>What the log ends with now, for a reading to be compared with; null when it may be another instance's.</summary>
    public async Task<LogMark?> EndAsync(InstanceLog log, LogRead read, CancellationToken cancellationToken)
    {
        // Lines come out of the order of their times by milliseconds: the second before the last line's may be the last one's.
        var from = read.End.Lines > 0 ? LogTimestamp.FromUnixSeconds(read.End.Time.UnixSeconds - 1) : (LogTimestamp?)null;
        using var reader = new PodLogReader(new LineFilter(null, null) { Take = 0 }, batches, request, maxLineBytes) { MayBeginWithinLine = true };
        var url = LogUrl.Log(request, log, follow: false, read.HasNothingOfAll ? 1 : null, from);
        return await TryReadAsync(reader, log, url, () => { }, cancellationToken) ? reader.End : null;
    }

    /// <summary>Whether a reading of a log that is still written reached at least what was there when it began.</summary>
    public async Task<bool> HasReachedAsync(InstanceLog log, LogRead read, CancellationToken cancellationToken) =>
        read.NewestBefore is not { } newest || read.Newest >= newest || await IsWholeAsync(log, read, cancellationToken);

    // How to give the last lines: the kubelet counts entries of 16 KiB, and cuts them off before it looks at times.
    private async Task<(LineFilter Filter, long? KubeletTail, LogTimestamp? Newest)> CutAsync(InstanceLog log, long? tailLines, bool follow, CancellationToken cancellationToken)
    {
        var all = new LineFilter(request.Since, request.Until);
        if (tailLines is not { } tail || tail >= LongestTail)
        {
            return (all, null, null);
        }

        if (tail == 0)
        {
            return (all, 0, null);
        }

        // As many lines as entries: none is long, and behind the first, which may be the rest of a long one, stand those asked for.
        if ((request.Since ?? request.Until) is null && await CountAsync(log, tail + 1, cancellationToken) is var last && last.Lines.Matched > tail)
        {
            return (new LineFilter(null, null) { Skip = 1 }, tail + 1, last.Newest);
        }

        var (counted, newest) = await CountAsync(log, null, cancellationToken);
        return (new LineFilter(request.Since, request.Until)
        {
            Skip = Math.Max(0, counted.Matched - tail),
            SkipFrom = counted.First,
            Take = follow ? long.MaxValue : tail,
        }, null, newest);
    }

    private async Task<(LineFilter Lines, LogTimestamp? Newest)> CountAsync(InstanceLog log, long? kubeletTail, CancellationToken cancellationToken)
    {
        var count = new LineFilter(request.Since, request.Until) { Take = 0 };
        using var reader = new PodLogReader(count, batches, request, maxLineBytes) { MayBeginWithinLine = request.Since is not null };
        await TryReadAsync(reader, log, LogUrl.Log(request, log, follow: false, kubeletTail), () => { }, cancellationToken);
        await reader.TakeUnterminatedAsync(cancellationToken);
        return (count, reader.End is { Lines: > 0 } end ? end.Time : null);
    }

    // False when what was opened may be the log of another instance: the container may restart between its status and the open.
    private async Task<bool> TryReadAsync(PodLogReader reader, InstanceLog log, string url, Action opened, CancellationToken cancellationToken)
    {
        using var response = await connection.GetAsync(url, container.Facts(log).Node ?? "", cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw (await ApiFailure.ReadAsync(connection, response, cancellationToken)).ToException(request);
        }

        Log.Opened(logger, url);
        if (!await container.IsServedAsync(log, cancellationToken))
        {
            return false;
        }

        opened();
        try
        {
            await reader.ReadAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
            return true;
        }
        catch (LogStreamException fault)
        {
            await batches.FlushAsync(cancellationToken);
            throw fault.Reason == BodyText.CollectedReason && log.Running ? BodyText.RuntimeDown(request, fault) : fault;
        }
        catch (Exception fault) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The log was closed.", fault, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            await batches.FlushAsync(cancellationToken);
            throw new LogStreamException(LogStreamError.Unavailable, $"Kubernetes broke off the log of pod {request.Pod} in namespace {request.Namespace}", "STREAM_CUT", fault);
        }
    }

    private LogStreamException Mute() =>
        new(LogStreamError.Unavailable, $"the log stream of pod {request.Pod} in namespace {request.Namespace} went mute: it brought nothing more although there was more or its container had ended", "STREAM_MUTE");

    private static TimeSpan TimeUntil(LogTimestamp until, LogTimestamp now)
    {
        var wait = TimeSpan.FromTicks((until.UnixNanoseconds - now.UnixNanoseconds) / 100) + UntilMargin;
        return wait < LongestTimer ? wait : LongestTimer;
    }
}
