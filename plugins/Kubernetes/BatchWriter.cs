using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Fills batches and hands them to the host; owns the one being filled.</summary>
internal sealed class BatchWriter(ChannelWriter<LogBatch> output, TailRequest request, TimeProvider time) : IDisposable
{
    /// <summary>The reason of breaking off because nobody takes the lines.</summary>
    public const string SlowClient = "SLOW_CLIENT";

    private LogBatch? _batch;
    private long? _behindSince;

    // A kubelet that cannot write its lines skips files and sends one again: longer than this it is not left waiting.
    private static TimeSpan Patience => TimeSpan.FromSeconds(1);

    /// <summary>Whether the log may be rotated while it is read, so that its stream must not be left unread.</summary>
    public bool MayBreakOff { get; set; }

    /// <summary>Tells which instance the next lines belong to, and what is known of it.</summary>
    public void Begin(ContainerInstance instance, ContainerFacts facts)
    {
        _batch ??= new LogBatch();
        (_batch.Instance, _batch.Facts) = (instance, facts);
    }

    public void Add(LogNotice notice) => (_batch ??= new LogBatch()).Add(notice);

    public bool TryAppend(LogTimestamp time, ReadOnlySpan<byte> text, LineEnd end) =>
        (_batch ??= new LogBatch()).TryAppend(time, text, OutputStream.Unknown, LogOriginator.User, end);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_batch is not { } batch)
        {
            return;
        }

        _batch = null;
        try
        {
            if (output.TryWrite(batch))
            {
                _behindSince = null;
                return;
            }

            _behindSince ??= time.GetTimestamp();
            do
            {
                await WaitForRoomAsync(time.GetElapsedTime(_behindSince.Value), cancellationToken);
            }
            while (!output.TryWrite(batch));
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    public void Dispose() => _batch?.Dispose();

    private async Task WaitForRoomAsync(TimeSpan behind, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(!MayBreakOff ? Timeout.InfiniteTimeSpan : behind < Patience ? Patience - behind : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (!await output.WaitToWriteAsync(either.Token))
            {
                throw new ChannelClosedException();
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new LogStreamException(LogStreamError.Unavailable, $"the log of pod {request.Pod} in namespace {request.Namespace} comes faster than it is taken", SlowClient) { IsPause = true };
        }
    }
}
