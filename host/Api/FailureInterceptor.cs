using Grpc.Core;
using Grpc.Core.Interceptors;
using RunLogs.Host.Contexts;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api;

/// <summary>Sees to it that every call ends with a status and a sentence: no exception reaches a client as Unknown.</summary>
internal sealed class FailureInterceptor(ILogger<FailureInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    private RpcException Translate(Exception error, ServerCallContext call)
    {
        if (error is TailFailedException failure)
        {
            return failure.ToRpc();
        }

        if (error is ContextException context)
        {
            return ContextStatus.Of(context);
        }

        if (error is OperationCanceledException && call.CancellationToken.IsCancellationRequested)
        {
            return new RpcException(new Status(StatusCode.Cancelled, "The client is gone."));
        }

        logger.CallFailed(error, call.Method);
        return new RpcException(new Status(StatusCode.Internal, "RunLogs failed to answer this call; the host's log tells why."));
    }
}
