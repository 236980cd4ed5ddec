using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>One request: the log of a container through its instances.</summary>
internal sealed class ContainerTail(ContainerWatch container, PodLogSource logs, TailRequest request, BatchWriter batches, ILogger logger)
{
    private bool Follows => request.Follow == FollowMode.Auto;

    public async Task<TailEnd> RunAsync(CancellationToken cancellationToken)
    {
        var (log, tail, isFirst) = (await container.FindAsync(cancellationToken), request.TailLines, true);
        while (log is not null)
        {
            // 1. Read it as far as it goes.
            using var read = await TryReadAsync(log, tail, isFirst, cancellationToken);
            if (read is null)
            {
                (log, tail) = (container.Newest, null);
                continue;
            }

            if (read.IsOfAnother)
            {
                log = await FindAgainAsync(log, isFirst, cancellationToken);
                continue;
            }

            await batches.FlushAsync(cancellationToken);
            if (read.IsPoll)
            {
                throw BodyText.NodeExhausted(request);
            }

            if (read.TimeIsUp)
            {
                return TailEnd.Stopped;
            }

            if (log.Running && !read.Followed)
            {
                return await logs.HasReachedAsync(log, read, cancellationToken) ? TailEnd.Stopped : throw Ended("ended before the end of the log");
            }

            // 2. An end of the stream says nothing of the container: ask for its status.
            var end = read.Followed ? await container.AfterAsync(log, () => logs.IsWholeAsync(log, read, cancellationToken), cancellationToken) : InstanceEnd.Of(log);
            if (end == InstanceEnd.PodGone)
            {
                return TailEnd.SourceGone;
            }

            if (end == InstanceEnd.StillRunning)
            {
                throw Ended($"ended while its container {request.Container} runs");
            }

            // 3. Nor does it say that all of the log was sent: look at its end once more.
            if (await IsWholeAsync(read, end, cancellationToken) is not { } isWhole)
            {
                return TailEnd.SourceGone;
            }

            if (!isWhole)
            {
                throw Ended("ended before the end of the log");
            }

            // 4. It has ended: what followed the last line feed was its last line.
            await read.TakeUnterminatedAsync(cancellationToken);
            if (read.Followed && end is { Ended: { } ended, Next: null })
            {
                batches.Begin(log.Instance, container.Facts(ended));
            }

            await batches.FlushAsync(cancellationToken);

            // 5. Go on into the instance after it.
            end = request.Previous ? end : await NextAsync(log, end, cancellationToken);
            if (end == InstanceEnd.PodGone)
            {
                return TailEnd.SourceGone;
            }

            if (request.Previous || end.Next is not { } next)
            {
                return request.Previous || end.Ended is not { Restarts: true } ? TailEnd.Complete : TailEnd.Stopped;
            }

            Log.Restarted(logger, request.Namespace, request.Pod, request.Container, next.Instance.RestartCount ?? 0);
            Announce(log, next);
            (log, tail, isFirst) = (next, null, false);
        }

        return TailEnd.Stopped;
    }

    // Null when the node removed the log of an instance between two others: the newest one is what is left.
    private async Task<LogRead?> TryReadAsync(InstanceLog log, long? tail, bool isFirst, CancellationToken cancellationToken)
    {
        try
        {
            return await logs.ReadAsync(log, tail, cancellationToken);
        }
        catch (LogStreamException fault) when (fault.Reason == BodyText.CollectedReason && log.Previous && !isFirst && container.Newest?.Is(log.Instance) == false)
        {
            batches.Add(new LogNotice(LogNoticeKind.LinesLost, $"container {request.Container} of pod {request.Pod} restarted again and its node removed the log of restart {log.Instance.RestartCount} before it was read"));
            return null;
        }
    }

    // Null when the log is gone and nothing comes after it that could be read here.
    private async Task<bool?> IsWholeAsync(LogRead read, InstanceEnd end, CancellationToken cancellationToken)
    {
        try
        {
            if (end.Ended is { } ended)
            {
                return await logs.IsWholeAsync(ended, read, cancellationToken);
            }
        }
        catch (LogStreamException fault) when (fault.Error == LogStreamError.NotFound)
        {
            if (end.Next is null)
            {
                return null;
            }
        }

        batches.Add(new LogNotice(LogNoticeKind.LinesLost, $"container {request.Container} of pod {request.Pod} restarted and its node removed the log before it: its last lines may be missing here"));
        return true;
    }

    private async Task<InstanceLog?> FindAgainAsync(InstanceLog log, bool isFirst, CancellationToken cancellationToken)
    {
        if (container.Again(log) is { } again)
        {
            return again;
        }

        if (!isFirst)
        {
            batches.Add(new LogNotice(LogNoticeKind.LinesLost, $"container {request.Container} of pod {request.Pod} restarted so fast that the log of one of its instances is lost"));
        }

        return await container.FindAsync(cancellationToken);
    }

    private async Task<InstanceEnd> NextAsync(InstanceLog log, InstanceEnd end, CancellationToken cancellationToken)
    {
        if (end.Next is not null || end.Ended is not { Restarts: true })
        {
            return end;
        }

        return Follows ? await container.NextAsync(log, cancellationToken)
            : log.Previous ? await container.AfterAsync(log, () => Task.FromResult(true), cancellationToken)
            : end;
    }

    private void Announce(InstanceLog before, InstanceLog next)
    {
        if (next.CountFrom(before.Instance) is > 0 and var missed)
        {
            batches.Add(new LogNotice(LogNoticeKind.LinesLost, $"container {request.Container} of pod {request.Pod} restarted so fast that the log of {missed} of its instances is lost"));
        }

        batches.Add(new LogNotice(LogNoticeKind.InstanceRestarted, $"container {request.Container} of pod {request.Pod} restarted (restart {next.Instance.RestartCount})"));
    }

    private LogStreamException Ended(string how) =>
        new(LogStreamError.Unavailable, $"the log stream of pod {request.Pod} in namespace {request.Namespace} {how}", "STREAM_ENDED");
}
