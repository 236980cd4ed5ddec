using System.Text;
using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A source that holds a log as far as it has come there, and serves it by the contract of its kind.</summary>
internal sealed class CopiedLog(IReadOnlyList<(LogTimestamp Time, string Text)> log, LogSourceKind kind, TimeProvider time) : ILogStreamer
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private readonly long _opened = time.GetTimestamp();
    private int _served;

    public List<TailRequest> Requests { get; } = [];

    /// <summary>How many lines it has, by the time since the beginning.</summary>
    public Func<TimeSpan, int> Held { get; init; } = _ => log.Count;

    /// <summary>Lines below this index are gone.</summary>
    public int First { get; init; }

    /// <summary>From this line on the pod is gone; live sources only.</summary>
    public int? GoneAt { get; init; }

    /// <summary>When it cannot be reached.</summary>
    public Func<TimeSpan, bool> Away { get; init; } = _ => false;

    /// <summary>When the container started, as it tells.</summary>
    public LogTimestamp? StartedAt { get; init; }

    /// <summary>Whether times are cut to milliseconds.</summary>
    public bool IsCoarse { get; init; }

    public ContainerInstance? Instance { get; init; }

    private TimeSpan Elapsed => time.GetElapsedTime(_opened);

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        var (next, quietSince) = (First, time.GetTimestamp());
        if (kind == LogSourceKind.Live && GoneAt is { } gone && _served >= gone)
        {
            throw new LogStreamException(LogStreamError.NotFound, "pod gone", "NOT_FOUND");
        }

        var opened = false;
        while (true)
        {
            if (Away(Elapsed))
            {
                throw new LogStreamException(LogStreamError.Unavailable, $"the {kind} source is away", "UNREACHABLE");
            }

            var held = Math.Min(Held(Elapsed), GoneAt ?? log.Count);
            if (held > First && !opened)
            {
                opened = true;
                await output.WriteAsync(new LogBatch { Facts = new ContainerFacts { StartedAt = StartedAt, PodUid = "uid" }, Instance = Instance }, cancellationToken);
            }

            while (next < held)
            {
                quietSince = time.GetTimestamp();
                next = await WriteAsync(request, output, next, Math.Min(held, next + 100), cancellationToken);
            }

            _served = Math.Max(_served, next);
            if (kind == LogSourceKind.Live)
            {
                if (next == GoneAt)
                {
                    return TailEnd.SourceGone;
                }

                if (next == log.Count)
                {
                    return TailEnd.Complete;
                }
            }
            else if (request.Follow == FollowMode.Never || IsDrained(request, quietSince))
            {
                return held <= First ? throw new LogStreamException(LogStreamError.NotFound, "no copy of it", "NOT_FOUND")
                    : request.Follow == FollowMode.Auto || time.GetUtcNow() > request.EndedAt?.Add(TimeSpan.FromMinutes(5)).ToDateTimeOffset() ? TailEnd.Complete : TailEnd.Stopped;
            }
            else if (held <= First && request.EndedAt is null)
            {
                throw new LogStreamException(LogStreamError.NotFound, "no copy of it", "NOT_FOUND");
            }

            if (request.Follow == FollowMode.Never)
            {
                return TailEnd.Stopped;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool IsDrained(TailRequest request, long quietSince)
    {
        if (request.EndedAt is not { } ended)
        {
            return false;
        }

        var past = time.GetUtcNow() - ended.ToDateTimeOffset();
        return past > TimeSpan.FromMinutes(5) || (past >= TimeSpan.FromSeconds(60) && time.GetElapsedTime(quietSince) >= TimeSpan.FromSeconds(30));
    }

    private async Task<int> WriteAsync(TailRequest request, ChannelWriter<LogBatch> output, int from, int to, CancellationToken cancellationToken)
    {
        var batch = new LogBatch { Instance = Instance };
        for (var i = from; i < to && request.TailLines is null; i++)
        {
            var stamp = IsCoarse ? new LogTimestamp(log[i].Time.UnixNanoseconds / 1_000_000 * 1_000_000) : log[i].Time;
            if ((request.Since is not { } since || stamp >= since) && (request.Until is not { } until || stamp < until))
            {
                Assert.True(batch.TryAppend(stamp, Encoding.UTF8.GetBytes(log[i].Text), OutputStream.Unknown, LogOriginator.User, LineEnd.LineFeed));
            }
        }

        await output.WriteAsync(batch, cancellationToken);
        return to;
    }
}
