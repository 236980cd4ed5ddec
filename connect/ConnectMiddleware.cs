using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace RunLogs.Connect;

/// <summary>Tells Connect calls of gRPC endpoints from everything else by their content type, or by their verb.</summary>
internal sealed class ConnectMiddleware(
    RequestDelegate next, ConnectOptions options, EndpointDataSource endpoints, IServiceProvider services, ILogger<ConnectMiddleware> logger)
{
    private readonly ConcurrentDictionary<Endpoint, ConnectMethod> _methods = new();

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
            return AnswerUnmatchedAsync(context);

        if (!IsServed(endpoint, out var grpc) || !HttpMethods.IsPost(context.Request.Method) || IsGrpc(context.Request.ContentType))
            return next(context);

        var method = MethodOf(endpoint, grpc);
        return ConnectContentType.TryParse(context.Request.ContentType, out var contentType) && method.FindCodec(contentType.Value) is { } codec
            ? RunAsync(context, method, contentType.Value, codec)
            : AnswerUnsupportedAsync(context, method, $"content type \"{context.Request.ContentType}\"");
    }

    // gRPC and gRPC-Web, with whatever codec they name.
    private static bool IsGrpc(string? contentType) =>
        contentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    private Task RunAsync(HttpContext context, ConnectMethod method, ConnectContentType contentType, ICodec codec)
    {
        ICall call = contentType.IsStream
            ? new StreamCall(context, method, contentType, codec, logger)
            : new UnaryCall(context, method, contentType, codec, logger);
        return call.RunAsync(next);
    }

    private Task AnswerUnsupportedAsync(HttpContext context, ConnectMethod method, string asked)
    {
        var sentence = $"{method.Name} does not speak {asked}; it speaks {method.AcceptPost}.";
        Log.Refused(logger, method.Name, sentence);
        context.Response.Headers["Accept-Post"] = method.AcceptPost;
        return ConnectResponse.Of(context).WriteErrorAsync(
            new ConnectError(StatusCode.Unknown, sentence), httpStatus: StatusCodes.Status415UnsupportedMediaType);
    }

    // gRPC's route for unknown methods takes every verb and then only its own content types, so both end up here:
    // a known method by another verb, and an unknown one.
    private async Task AnswerUnmatchedAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method) && FindMethod(request.Path) is var (endpoint, method))
        {
            await AnswerOtherVerbAsync(context, endpoint, method);
            return;
        }

        var isConnect = options.DefaultEnabled && HttpMethods.IsPost(request.Method) && ConnectContentType.TryParse(request.ContentType, out _);
        await next(context);

        if (isConnect && context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound, ContentType: null, ContentLength: null })
            await ConnectResponse.Of(context).WriteErrorAsync(
                new ConnectError(StatusCode.Unimplemented, $"No method is served at {request.Path}."), httpStatus: StatusCodes.Status404NotFound);
    }

    private Task AnswerOtherVerbAsync(HttpContext context, Endpoint endpoint, ConnectMethod method)
    {
        var request = context.Request;
        if (!method.HasNoSideEffects || !HttpMethods.IsGet(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = method.HasNoSideEffects ? $"{HttpMethods.Get}, {HttpMethods.Post}" : HttpMethods.Post;
            return Task.CompletedTask;
        }

        var contentType = new ConnectContentType(request.Query["encoding"].ToString(), IsStream: false);
        if (method.FindCodec(contentType) is not { } codec)
            return AnswerUnsupportedAsync(context, method, $"encoding \"{contentType.Codec}\"");

        context.SetEndpoint(endpoint);
        return RunAsync(context, method, contentType, codec);
    }

    private (Endpoint Endpoint, ConnectMethod Method)? FindMethod(PathString path)
    {
        foreach (var endpoint in endpoints.Endpoints)
        {
            if (IsServed(endpoint, out var grpc) && grpc.Method.FullName == path)
                return (endpoint, MethodOf(endpoint, grpc));
        }

        return null;
    }

    private ConnectMethod MethodOf(Endpoint endpoint, GrpcMethodMetadata grpc) =>
        _methods.GetOrAdd(endpoint, added => new ConnectMethod(added, grpc, services));

    private bool IsServed(Endpoint endpoint, [NotNullWhen(true)] out GrpcMethodMetadata? grpc)
    {
        grpc = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>();
        return grpc is not null && (endpoint.Metadata.GetMetadata<ConnectEnabled>()?.Enabled ?? options.DefaultEnabled);
    }
}
