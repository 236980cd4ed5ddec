using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Host.Cursors;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api;

/// <summary>The client's side of a tail over Flyte's services.</summary>
internal sealed class FlyteTailSink(IServerStreamWriter<FlyteResponse> stream, ServerCallContext call, CursorSeal cursors, bool keepLineEnds, Func<TailRequest, FlyteResponse> responseOf) : ITailSink
{
    private readonly Coalescing _coalescing = new();
    private FlyteResponse[] _responses = [];
    private TailPlan _plan = null!;
    private Delivery _delivery = null!;
    private bool _hasHeaders;

    /// <summary>Whether the client has received lines: it would replay them on most codes.</summary>
    public bool HasLines { get; private set; }

    public bool KeepsLineEnds => keepLineEnds;

    public bool TakesSingleLines => false;

    public async ValueTask AcceptAsync(TailPlan plan, Delivery delivery, CancellationToken cancellationToken)
    {
        (_plan, _delivery) = (plan, delivery);
        _responses = [.. plan.Logs.Select(responseOf)];
        if (!_hasHeaders)
        {
            await call.WriteResponseHeadersAsync([]);
        }
    }

    public async ValueTask WriteAsync(TailItem item, bool flush, CancellationToken cancellationToken)
    {
        var message = _responses[item.Log].With(item.Batch);
        if (message.Size > 0 || (flush && _coalescing.HasUnflushed))
        {
            stream.WriteOptions = _coalescing.Of(message.Size, flush);
            await stream.WriteAsync(message, cancellationToken);
            HasLines |= message.Size > 0;
        }
    }

    public async ValueTask HeartbeatAsync(CancellationToken cancellationToken)
    {
        stream.WriteOptions = _coalescing.Of(size: 0, flush: true);
        _hasHeaders = true;
        await stream.WriteAsync(FlyteResponse.Empty, cancellationToken);
    }

    public ValueTask EndAsync(Closing closing, CancellationToken cancellationToken)
    {
        ClosingTrailers.Add(call.ResponseTrailers, closing, cursors.SealForHeader(_plan, _delivery));
        return ValueTask.CompletedTask;
    }
}
