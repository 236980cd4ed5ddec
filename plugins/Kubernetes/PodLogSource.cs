using System.Net;
using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Opens and reads the log of one instance after the other.</summary>
internal sealed class PodLogSource(ClusterConnection connection, TailRequest request, BatchWriter batches, int maxLineBytes, TimeProvider time, ILogger logger)
{
    // No kubelet keeps a file with more lines: a longer tail is the whole log.
    private const long LongestTail = int.MaxValue;

    // Lines written just before a time limit may still be on their way at it.
    private static TimeSpan UntilMargin => TimeSpan.FromSeconds(2);

    // The kubelet ends each stream after hours; a timer need not reach further.
    private static TimeSpan LongestTimer => TimeSpan.FromDays(30);

    /// <summary>Reads one instance's log as far as it goes.</summary>
    public async Task<LogRead> ReadAsync(InstanceLog log, ContainerFacts facts, long? tailLines, CancellationToken cancellationToken)
    {
        var now = LogTimestamp.From(time.GetUtcNow());
        var follow = log.Running && request.Follow == FollowMode.Auto && !(request.Until <= now);
        var (filter, kubeletTail) = await CutAsync(log, tailLines, follow, cancellationToken);

        using var limit = new CancellationTokenSource(follow && request.Until is { } until ? TimeUntil(until, now) : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var reader = new PodLogReader(filter, batches, request, maxLineBytes);
        try
        {
            await ReadAsync(reader, LogUrl.Log(request, log, follow, kubeletTail), () => batches.Begin(log.Instance, facts), either.Token);
            return new LogRead(reader) { Followed = follow };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new LogRead(reader) { TimeIsUp = true };
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    // How to give the last lines: the kubelet counts entries of 16 KiB, and cuts them off before it looks at times.
    private async Task<(LineFilter Filter, long? KubeletTail)> CutAsync(InstanceLog log, long? tailLines, bool follow, CancellationToken cancellationToken)
    {
        var all = new LineFilter(request.Since, request.Until);
        if (tailLines is not { } tail || tail >= LongestTail)
        {
            return (all, null);
        }

        if (tail == 0)
        {
            return (all, 0);
        }

        // As many lines as entries: none is long, and behind the first, which may be the rest of a long one, stand those asked for.
        if ((request.Since ?? request.Until) is null && (await CountAsync(log, tail + 1, cancellationToken)).Matched > tail)
        {
            return (new LineFilter(null, null) { Skip = 1 }, tail + 1);
        }

        var counted = await CountAsync(log, null, cancellationToken);
        return (new LineFilter(request.Since, request.Until)
        {
            Skip = Math.Max(0, counted.Matched - tail),
            SkipFrom = counted.First,
            Take = follow ? long.MaxValue : tail,
        }, null);
    }

    private async Task<LineFilter> CountAsync(InstanceLog log, long? kubeletTail, CancellationToken cancellationToken)
    {
        var count = new LineFilter(request.Since, request.Until) { Take = 0 };
        using var reader = new PodLogReader(count, batches, request, maxLineBytes);
        await ReadAsync(reader, LogUrl.Log(request, log, follow: false, kubeletTail), () => { }, cancellationToken);
        await reader.TakeUnterminatedAsync(cancellationToken);
        return count;
    }

    private async Task ReadAsync(PodLogReader reader, string url, Action opened, CancellationToken cancellationToken)
    {
        using var response = await connection.GetAsync(url, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw (await ApiFailure.ReadAsync(connection, response, cancellationToken)).ToException(request);
        }

        Log.Opened(logger, url);
        opened();
        try
        {
            await reader.ReadAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
        }
        catch (LogStreamException)
        {
            await batches.FlushAsync(cancellationToken);
            throw;
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

    private static TimeSpan TimeUntil(LogTimestamp until, LogTimestamp now)
    {
        var wait = TimeSpan.FromTicks((until.UnixNanoseconds - now.UnixNanoseconds) / 100) + UntilMargin;
        return wait < LongestTimer ? wait : LongestTimer;
    }
}
