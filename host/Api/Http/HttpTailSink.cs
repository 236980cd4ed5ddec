using System.Buffers;
using Google.Protobuf;
using RunLogs.Abstractions;
using RunLogs.Host.Cursors;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api.Http;

/// <summary>The client's side of a tail over plain HTTP; headers go out when the first source is open.</summary>
internal sealed class HttpTailSink(HttpResponse response, string mediaType, LogsQuery query, CursorSeal cursors, TimeProvider time) : ITailSink, IDisposable
{
    private ILineFormat? _format;
    private TailPlan _plan = null!;
    private Delivery _delivery = null!;

    public bool KeepsLineEnds => false;

    public bool TakesSingleLines => mediaType == EventStreamFormat.MediaType;

    // An EventSource comes back for ever unless it is told by the status that nothing more comes: to one that does, the answer waits for what it is.
    private bool MayEndAtOnce => mediaType == EventStreamFormat.MediaType && query.Cursor is not null && !response.HasStarted;

    public ValueTask AcceptAsync(TailPlan plan, Delivery delivery, CancellationToken cancellationToken)
    {
        (_plan, _delivery) = (plan, delivery);
        _format = mediaType switch
        {
            NdjsonFormat.MediaType => new NdjsonFormat(plan.Logs[0]),
            EventStreamFormat.MediaType => new EventStreamFormat(() => cursors.SealForHeader(plan, delivery)),
            _ => new TextFormat(query.Timestamps),
        };
        return ValueTask.CompletedTask;
    }

    public async ValueTask WriteAsync(TailItem item, bool flush, CancellationToken cancellationToken)
    {
        if (MayEndAtOnce && item.Batch.Entries.IsEmpty && item.Batch.Notices.Count == 0)
        {
            return;
        }

        await StartAsync(cancellationToken);
        Write(item);
        if (flush || response.BodyWriter.UnflushedBytes >= Coalescing.MaxBytes)
        {
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    public async ValueTask HeartbeatAsync(CancellationToken cancellationToken)
    {
        if (MayEndAtOnce)
        {
            await StartAsync(cancellationToken);
        }

        if (response.HasStarted && _format!.Heartbeat.Length > 0)
        {
            response.BodyWriter.Write(_format.Heartbeat);
            await response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    public async ValueTask EndAsync(Closing closing, CancellationToken cancellationToken)
    {
        if (MayEndAtOnce && closing.Outcome.Reason == EndReason.ContainerEnded)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            await response.StartAsync(cancellationToken);
        }
        else if (closing.Outcome.Reason != EndReason.Failed)
        {
            await StartAsync(cancellationToken);
            AddTrailers(closing);
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
            if (response.SupportsTrailers())
            {
                response.DeclareTrailer(ClosingTrailers.CursorName);
                response.DeclareTrailer(ClosingTrailers.ClosingName);
            }

            await response.StartAsync(cancellationToken);
        }
    }

    public void Dispose() => (_format as IDisposable)?.Dispose();

    private void AddTrailers(Closing closing)
    {
        if (response.SupportsTrailers())
        {
            response.AppendTrailer(ClosingTrailers.ClosingName, Convert.ToBase64String(closing.ToProto().ToByteArray()));
            if (cursors.SealForHeader(_plan, _delivery) is { } cursor)
            {
                response.AppendTrailer(ClosingTrailers.CursorName, cursor);
            }
        }
    }

    private void Write(TailItem item)
    {
        var output = response.BodyWriter;
        if (query.Notices && item.Batch.Notices.Count > 0)
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
