using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Asks a live source that failed, every 30 s, whether it is back.</summary>
internal sealed class LiveProbe(IBackends backends, string backend, TailRequest request, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // Nothing is read: only whether the pod is seen.
    private readonly TailRequest _question = request with { TailLines = 0, Follow = FollowMode.Never, Since = null, Until = null, Instance = null, Previous = false };

    public string Backend => backend;

    /// <summary>Completes when the source answers: true when it has the pod, false when the pod is gone.</summary>
    public async Task<bool> WaitForAnswerAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Interval, time, cancellationToken);
            if (await AskAsync(cancellationToken) is { } answer)
            {
                return answer;
            }
        }
    }

    // Null while it still fails.
    private async Task<bool?> AskAsync(CancellationToken cancellationToken)
    {
        using var lease = backends.TryLease(backend, request.Cluster, out _);
        if (lease is not { Kind: LogSourceKind.Live })
        {
            return null;
        }

        using var late = new CancellationTokenSource(Limit, time);
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Replaced, late.Token);
        var answer = new DroppedBatches();
        try
        {
            return await lease.Streamer.TailLogsAsync(_question, answer, asking.Token) != TailEnd.SourceGone;
        }
        catch (LogStreamException error) when (error.Error == LogStreamError.NotFound)
        {
            return false;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // One that wrote and then only took its time does answer.
            return error is OperationCanceledException && answer.HasCome ? true : null;
        }
    }

    /// <summary>Takes batches as a sign of life.</summary>
    private sealed class DroppedBatches : ChannelWriter<LogBatch>
    {
        public bool HasCome { get; private set; }

        public override bool TryWrite(LogBatch item)
        {
            item.Dispose();
            return HasCome = true;
        }

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => new(true);
    }
}
