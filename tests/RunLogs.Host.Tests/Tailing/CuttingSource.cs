using System.Text;
using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A source that serves a log as a kubelet does (whole seconds, source order) and breaks off where it is told to.</summary>
internal sealed class CuttingSource(IReadOnlyList<(LogTimestamp Time, string Text)> log, IEnumerable<int> cuts, int batchSize) : ILogStreamer
{
    private readonly Queue<int> _cuts = new(cuts);

    public int Opens { get; private set; }

    /// <summary>Lines below this index are gone, from the second opening on.</summary>
    public int RotatedAway { get; set; }

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        var from = Opens++ == 0 ? 0 : RotatedAway;
        var served = log.Skip(from).ToList();
        if (request.TailLines is { } tail)
        {
            served = [.. served.TakeLast((int)tail)];
        }

        var since = request.Since is { } time ? LogTimestamp.FromUnixSeconds(time.UnixSeconds) : new LogTimestamp(long.MinValue + 1);
        var cut = _cuts.TryDequeue(out var at) ? at : int.MaxValue;
        var batch = new LogBatch { Facts = new ContainerFacts() };
        foreach (var (stamp, text) in served.Where(line => line.Time >= since))
        {
            if (cut-- == 0)
            {
                await output.WriteAsync(batch, cancellationToken);
                throw new LogStreamException(LogStreamError.Unavailable, "cut", "STREAM_CUT");
            }

            Assert.True(batch.TryAppend(stamp, Encoding.UTF8.GetBytes(text), OutputStream.Unknown, LogOriginator.User, LineEnd.LineFeed));
            if (batch.Entries.Length == batchSize)
            {
                await output.WriteAsync(batch, cancellationToken);
                batch = new LogBatch();
            }
        }

        await output.WriteAsync(batch, cancellationToken);
        return TailEnd.Complete;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
