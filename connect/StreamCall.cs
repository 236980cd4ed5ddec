using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RunLogs.Connect;

/// <summary>One server streaming Connect call: shown to Grpc.AspNetCore as a gRPC call, answered as it answers, ended in Connect's words.</summary>
internal sealed class StreamCall(HttpContext context, ConnectMethod method, ConnectContentType contentType, ICodec codec, ILogger logger) : ICall
{
    private readonly ConnectResponse _answer = ConnectResponse.Of(context);
    private readonly HttpRequest _request = context.Request;
    private EnvelopeWriter? _body;
    private Task? _earlyEnd;

    public async Task RunAsync(RequestDelegate next)
    {
        CallHeaders headers;
        try
        {
            headers = CallHeaders.Read(_request.Headers, isStream: true);
        }
        catch (RpcException refused)
        {
            Log.Refused(logger, method.Name, refused.Status.Detail);
            await _answer.WriteStreamAsync(contentType, EndOfStream.ToEnvelope(ConnectError.From(refused.Status, refused.Trailers), Metadata.Empty));
            return;
        }

        var request = new EnvelopeRequestReader(_request.BodyReader, headers.IsGzip, codec, method.ReceiveLimit);
        _body = new EnvelopeWriter(context, _answer, contentType, new FrameTranscoder(method.Name, contentType, codec, headers.AcceptsGzip, logger));
        if (await GrpcCall.RunAsync(context, next, headers.GrpcTimeout, request, _body, EndEarlyAsync) is not { } call)
            return;

        if (_earlyEnd is null)
            await _body.EndAsync(ErrorOf(call.Status, call.ResponseTrailers), call.ResponseTrailers);

        if (!_body.Ended.IsCompleted)
            // The service broke off within a message: no end can follow that.
            context.Abort();
        else if (_earlyEnd is null)
            await _answer.Body.FlushAsync();
        else
            await _earlyEnd;
    }

    // gRPC ends the response of a call whose time is over while its handler may still run: trailers are the handler's, still.
    // The handler is told when this returns, so nothing here waits for the client to read.
    private async Task EndEarlyAsync()
    {
        if (context.Features.Get<IServerCallContextFeature>()?.ServerCallContext.Status is not { StatusCode: not StatusCode.OK } status)
            return;

        await _body!.EndAsync(ErrorOf(status, Metadata.Empty), Metadata.Empty);
        _earlyEnd = CompleteAsync(_body.Ended);
    }

    private async Task CompleteAsync(Task ended)
    {
        await ended;
        await _answer.CompleteAsync();
    }

    private ConnectError? ErrorOf(Status status, Metadata trailers)
    {
        Log.Ended(logger, method.Name, contentType.Codec, status.StatusCode);
        return status.StatusCode == StatusCode.OK ? null : ConnectError.From(status, trailers);
    }
}
