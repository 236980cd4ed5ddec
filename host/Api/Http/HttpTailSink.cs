using System.Buffers;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api.Http;

/// <summary>The client's side of a tail over plain HTTP; headers go out when the first source is open.</summary>
internal sealed class HttpTailSink(HttpResponse response, Func<TailRequest, ILineFormat> formatOf, bool notices, TimeProvider time) : ITailSink, IDisposable
{
    // What is written before the pipe is flushed although more is ready.
    private const int CoalescedBytes = 64 * 1024;

    private ILineFormat? _format;

    public bool KeepsLineEnds => false;

    public ValueTask AcceptAsync(TailPlan plan, Delivery delivery, CancellationToken cancellationToken)
    {
        _format = formatOf(plan.Logs[0]);
        return ValueTask.CompletedTask;
    }

    public async ValueTask WriteAsync(TailItem item, bool flush, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        Write(item);
        if (flush || response.BodyWriter.UnflushedBytes >= CoalescedBytes)
        {
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    public async ValueTask HeartbeatAsync(CancellationToken cancellationToken)
    {
        if (response.HasStarted && _format!.Heartbeat.Length > 0)
        {
            response.BodyWriter.Write(_format.Heartbeat);
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    public async ValueTask EndAsync(Closing closing, CancellationToken cancellationToken)
    {
        if (closing.Outcome.Reason != EndReason.Failed)
        {
            await StartAsync(cancellationToken);
        }
    }

    /// <summary>Sends the headers of an answer that may stay empty.</summary>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (!response.HasStarted)
        {
            response.ContentType = _format!.ContentType;
            response.Headers.CacheControl = "no-cache";
            response.Headers["X-Accel-Buffering"] = "no"; // nginx would hold lines back
            await response.StartAsync(cancellationToken);
        }
    }

    public void Dispose() => (_format as IDisposable)?.Dispose();

    private void Write(TailItem item)
    {
        var output = response.BodyWriter;
        if (notices && item.Batch.Notices.Count > 0)
        {
            var now = LogTimestamp.From(time.GetUtcNow());
            foreach (var notice in item.Batch.Notices)
            {
                _format!.WriteNotice(output, notice, now);
            }
        }

        foreach (ref readonly var entry in item.Batch.Entries)
        {
            _format!.WriteLine(output, entry, item.Batch.TextOf(entry), item.Backend);
        }
    }
}
