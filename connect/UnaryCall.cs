using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace RunLogs.Connect;

/// <summary>One unary Connect call: shown to Grpc.AspNetCore as a gRPC call, answered once in Connect's words.</summary>
internal sealed class UnaryCall(HttpContext context, ConnectMethod method, ConnectContentType contentType, ICodec codec, ILogger logger)
{
    private readonly ConnectResponse _answer = ConnectResponse.Of(context);
    private readonly IHeaderDictionary _requestHeaders = context.Request.Headers;
    private int _answered;

    public async Task RunAsync(RequestDelegate next)
    {
        CallHeaders headers;
        try
        {
            headers = CallHeaders.Read(_requestHeaders);
        }
        catch (RpcException refused)
        {
            Log.Refused(logger, method.Name, refused.Status.Detail);
            await _answer.WriteErrorAsync(ConnectError.From(refused.Status, refused.Trailers));
            return;
        }

        var body = new CapturedBody();
        var call = await RunAsGrpcAsync(next, headers, body);
        if (!TryTakeAnswer())
            return;

        if (call is not null)
            await AnswerAsync(call, body);
        else
            // Something before the endpoint, authorization for one, answered in plain HTTP.
            await _answer.PassOnAsync(body.Written);
    }

    private async Task<ServerCallContext?> RunAsGrpcAsync(RequestDelegate next, CallHeaders headers, CapturedBody body)
    {
        var features = context.Features;
        var realRequest = features.GetRequiredFeature<IHttpRequestFeature>();
        var realRequestBody = features.Get<IRequestBodyPipeFeature>();
        var realResponse = features.GetRequiredFeature<IHttpResponseFeature>();
        var realResponseBody = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var realTrailers = features.Get<IHttpResponseTrailersFeature>();
        var realReset = features.Get<IHttpResetFeature>();

        var request = new UnaryRequestReader(
            context.Request.BodyReader, _requestHeaders.ContentLength, headers.IsGzip, method.ReceiveLimit, codec);
        var response = new GrpcResponse(realResponse, body, AnswerEarlyAsync, request.CancelPendingRead);
        try
        {
            features.Set(GrpcRequest.From(realRequest, headers.GrpcTimeout));
            features.Set<IRequestBodyPipeFeature>(request);
            features.Set<IHttpResponseFeature>(response);
            features.Set<IHttpResponseBodyFeature>(response);
            features.Set<IHttpResponseTrailersFeature>(response);
            features.Set<IHttpResetFeature>(response);

            await next(context);
            return features.Get<IServerCallContextFeature>()?.ServerCallContext;
        }
        finally
        {
            features.Set(realRequest);
            features.Set(realRequestBody);
            features.Set(realResponse);
            features.Set(realResponseBody);
            features.Set(realTrailers);
            features.Set(realReset);
        }
    }

    private async Task AnswerAsync(ServerCallContext call, CapturedBody body)
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
            message = codec.Encode(GrpcFrame.Unwrap(body.Written));
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidOperationException)
        {
            Log.Unwritable(logger, method.Name, contentType.Codec, fault);
            await _answer.WriteErrorAsync(new ConnectError(StatusCode.Internal,
                $"The answer of {method.Name} could not be written as {contentType}."));
            return;
        }

        var isGzip = Gzip.IsWanted(_requestHeaders, message);
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
