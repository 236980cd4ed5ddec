using Google.Protobuf;
using Grpc.Core;
using RunLogs.Host.Cursors;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api;

/// <summary>The client's side of a tail over <c>LogService</c>.</summary>
internal sealed class LogServiceSink(IServerStreamWriter<LogServiceResponse> stream, ServerCallContext call, CursorSeal cursors, bool keepLineEnds, TimeProvider time) : ITailSink
{
    private readonly Coalescing _coalescing = new();
    private readonly LogServiceResponse _response = new(keepLineEnds, time);
    private TailPlan _plan = null!;
    private Delivery? _delivery;
    private ContainerField[] _containers = [];
    private long _told;
    private bool _hasHeaders;

    public bool KeepsLineEnds => keepLineEnds;

    public bool TakesSingleLines => false;

    public async ValueTask AcceptAsync(TailPlan plan, Delivery delivery, CancellationToken cancellationToken)
    {
        (_plan, _delivery, _told) = (plan, delivery, delivery.Moves);
        _containers = [.. plan.Logs.Select(log => new ContainerField(log))];
        if (!_hasHeaders)
        {
            await call.WriteResponseHeadersAsync([]);
        }
    }

    public async ValueTask WriteAsync(TailItem item, bool flush, CancellationToken cancellationToken)
    {
        var container = _containers[item.Log];
        container.Learn(item);
        if (item.Batch.Entries.Length > 0 || item.Batch.Notices.Count > 0)
        {
            await WriteAsync(_response.With(item, container, Cursor()), flush, cancellationToken);
        }
        else if (flush && _coalescing.HasUnflushed)
        {
            await WriteAsync(_response.With(""), flush, cancellationToken);
        }
    }

    public ValueTask HeartbeatAsync(CancellationToken cancellationToken) => WriteAsync(_response.With(NewCursor()), flush: true, cancellationToken);

    public async ValueTask EndAsync(Closing closing, CancellationToken cancellationToken)
    {
        ClosingTrailers.Add(call.ResponseTrailers, closing, cursors.SealForHeader(_plan, _delivery!));
        await WriteAsync(_response.With(NewCursor(), closing.ToProto().ToByteArray()), flush: true, cancellationToken);
    }

    private async ValueTask WriteAsync(LogServiceResponse response, bool flush, CancellationToken cancellationToken)
    {
        _hasHeaders = true;
        stream.WriteOptions = _coalescing.Of(response.Size, flush);
        await stream.WriteAsync(response, cancellationToken);
    }

    // Lines that the client does not want move the position without a response.
    private string NewCursor() => _told == (_delivery?.Moves ?? 0) ? "" : Cursor();

    private string Cursor()
    {
        _told = _delivery!.Moves;
        return cursors.Seal(_plan, _delivery);
    }
}
