using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api;

/// <summary>The client's side of a tail over Flyte's services.</summary>
internal sealed class FlyteTailSink(IServerStreamWriter<FlyteResponse> stream, ServerCallContext call, Func<TailRequest, FlyteResponse> response) : ITailSink
{
    private static readonly WriteOptions Flush = new();
    private static readonly WriteOptions Coalesce = new(WriteFlags.BufferHint);

    private FlyteResponse? _response;
    private bool _unflushed;

    /// <summary>Whether the client has received lines: it would replay them on most codes.</summary>
    public bool HasLines { get; private set; }

    public async ValueTask AcceptAsync(TailRequest request, CancellationToken cancellationToken)
    {
        _response = response(request);
        await call.WriteResponseHeadersAsync([]);
    }

    public async ValueTask WriteAsync(TailItem item, bool flush, CancellationToken cancellationToken)
    {
        var message = _response!.With(item.Batch);
        if (message.Size > 0 || (flush && _unflushed))
        {
            stream.WriteOptions = flush ? Flush : Coalesce;
            await stream.WriteAsync(message, cancellationToken);
            _unflushed = !flush;
            HasLines |= message.Size > 0;
        }
    }

    public async ValueTask HeartbeatAsync(CancellationToken cancellationToken)
    {
        stream.WriteOptions = Flush;
        await stream.WriteAsync(_response!.With(null), cancellationToken);
    }
}
