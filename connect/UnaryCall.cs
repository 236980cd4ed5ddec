using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RunLogs.Connect;

/// <summary>One unary Connect call: shown to Grpc.AspNetCore as a gRPC call, answered once in Connect's words.</summary>
internal sealed class UnaryCall(HttpContext context, ConnectMethod method, ConnectContentType contentType, ICodec codec, ILogger logger) : ICall
{
    private readonly ConnectResponse _answer = ConnectResponse.Of(context);
    private readonly HttpRequest _request = context.Request;
    private int _answered;

    public async Task RunAsync(RequestDelegate next)
    {
        CallHeaders headers;
        RequestReader request;
        try
        {
            headers = CallHeaders.Read(_request.Headers, isStream: false);
            request = HttpMethods.IsGet(_request.Method)
                ? new QueryRequestReader(QueryMessage.Read(_request), codec, method.ReceiveLimit)
                : new UnaryRequestReader(_request.BodyReader, _request.ContentLength, headers.IsGzip, codec, method.ReceiveLimit);
        }
        catch (RpcException refused)
        {
            Log.Refused(logger, method.Name, refused.Status.Detail);
            await _answer.WriteErrorAsync(ConnectError.From(refused.Status, refused.Trailers));
            return;
        }

        // What a cache keeps depends on it.
        if (HttpMethods.IsGet(_request.Method))
            _answer.Headers.Append("Vary", "Accept-Encoding");

        var body = new CapturedBody();
        var call = await GrpcCall.RunAsync(context, next, headers.GrpcTimeout, request, body, AnswerEarlyAsync);
        if (!TryTakeAnswer())
            return;

        if (call is not null)
            await AnswerAsync(call, body, headers.AcceptsGzip);
        else
            await _answer.PassOnAsync(body.Written);
    }

    private async Task AnswerAsync(ServerCallContext call, CapturedBody body, bool acceptsGzip)
    {
        Log.Ended(logger, method.Name, contentType.Codec, call.Status.StatusCode);
        if (call.Status.StatusCode != StatusCode.OK)
        {
            await _answer.WriteErrorAsync(ConnectError.From(call.Status, call.ResponseTrailers), call.ResponseTrailers);
            return;
        }

        ReadOnlyMemory<byte> message;
        try
        {
            var frames = body.Written;
            GrpcFrame.TryTake(ref frames, out message);
            message = codec.Encode(message);
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidOperationException)
        {
            Log.Unwritable(logger, method.Name, contentType.Codec, fault);
            await _answer.WriteErrorAsync(new ConnectError(StatusCode.Internal,
                $"The answer of {method.Name} could not be written as {contentType}."));
            return;
        }

        var isGzip = acceptsGzip && Gzip.IsWorthwhile(message);
        await _answer.WriteMessageAsync(contentType, isGzip ? Gzip.Compress(message) : message, isGzip, call.ResponseTrailers);
    }

    // gRPC ends the response of a call whose time is over while its handler may still run: trailers are the handler's, still.
    private async Task AnswerEarlyAsync()
    {
        if (context.Features.Get<IServerCallContextFeature>()?.ServerCallContext.Status is not { StatusCode: not StatusCode.OK } status
            || !TryTakeAnswer())
            return;

        Log.Ended(logger, method.Name, contentType.Codec, status.StatusCode);
        await _answer.WriteErrorAsync(ConnectError.From(status, Metadata.Empty));
        await _answer.CompleteAsync();
    }

    private bool TryTakeAnswer() => Interlocked.Exchange(ref _answered, 1) == 0;
}
