using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>One request: the log of a container through its instances.</summary>
internal sealed class ContainerTail(ContainerWatch container, PodLogSource logs, TailRequest request, BatchWriter batches, ILogger logger)
{
    private bool Follows => request.Follow == FollowMode.Auto;

    public async Task<TailEnd> RunAsync(CancellationToken cancellationToken)
    {
        var tail = request.TailLines;
        var log = await container.FindAsync(cancellationToken);
        while (log is not null)
        {
            // 1. Read it as far as it goes.
            using var read = await logs.ReadAsync(log, container.Facts(log), tail, cancellationToken);
            await batches.FlushAsync(cancellationToken);
            if (read.TimeIsUp || (log.Running && !read.Followed))
            {
                return TailEnd.Stopped;
            }

            // 2. An end of the stream says nothing of the container: ask for its status.
            var end = read.Followed ? await container.AfterAsync(log, cancellationToken) : InstanceEnd.Of(log);
            if (end == InstanceEnd.PodGone)
            {
                return TailEnd.SourceGone;
            }

            if (end == InstanceEnd.StillRunning)
            {
                throw new LogStreamException(LogStreamError.Unavailable, $"the log stream of pod {request.Pod} in namespace {request.Namespace} ended while its container {request.Container} runs", "STREAM_ENDED");
            }

            // 3. It has ended: what followed the last line feed was its last line.
            await read.TakeUnterminatedAsync(cancellationToken);
            if (read.Followed && end.Ended is { } ended)
            {
                batches.Begin(log.Instance, container.Facts(ended));
            }

            await batches.FlushAsync(cancellationToken);

            // 4. Go on into the instance after it.
            end = request.Previous ? end : await NextAsync(log, end, cancellationToken);
            if (end == InstanceEnd.PodGone)
            {
                return TailEnd.SourceGone;
            }

            if (end.Next is not { } next)
            {
                return request.Previous || end.Ended is not { Restarts: true } ? TailEnd.Complete : TailEnd.Stopped;
            }

            Log.Restarted(logger, request.Namespace, request.Pod, request.Container, next.Instance.RestartCount ?? 0);
            Announce(log, next);
            (log, tail) = (next, null);
        }

        return TailEnd.Stopped;
    }

    private async Task<InstanceEnd> NextAsync(InstanceLog log, InstanceEnd end, CancellationToken cancellationToken)
    {
        if (end.Ended is not { Restarts: true })
        {
            return end;
        }

        return Follows ? await container.NextAsync(log, cancellationToken)
            : log.Previous ? await container.AfterAsync(log, cancellationToken)
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
}
