using System.Collections.Concurrent;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RunLogs.Connect;

/// <summary>Tells Connect calls of gRPC endpoints from everything else by their content type.</summary>
internal sealed class ConnectMiddleware(RequestDelegate next, ConnectOptions options, IServiceProvider services, ILogger<ConnectMiddleware> logger)
{
    private readonly ConcurrentDictionary<Endpoint, ConnectMethod> _methods = new();

    public Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
            return next(context);

        var endpoint = context.GetEndpoint();
        if (endpoint is null)
            return AnswerUnknownAsync(context);

        if (endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not { } grpc
            || !(endpoint.Metadata.GetMetadata<ConnectEnabled>()?.Enabled ?? options.DefaultEnabled)
            || IsGrpc(context.Request.ContentType))
            return next(context);

        var method = _methods.GetOrAdd(endpoint, added => new ConnectMethod(added, grpc, services));
        return ConnectContentType.TryParse(context.Request.ContentType, out var contentType) && method.FindCodec(contentType.Value) is { } codec
            ? new UnaryCall(context, method, contentType.Value, codec, logger).RunAsync(next)
            : AnswerUnsupportedAsync(context, method);
    }

    // gRPC and gRPC-Web, with whatever codec they name.
    private static bool IsGrpc(string? contentType) =>
        contentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    private Task AnswerUnsupportedAsync(HttpContext context, ConnectMethod method)
    {
        var sentence = $"{method.Name} does not speak content type \"{context.Request.ContentType}\"; it speaks {method.AcceptPost}.";
        Log.Refused(logger, method.Name, sentence);
        context.Response.Headers["Accept-Post"] = method.AcceptPost;
        return ConnectResponse.Of(context).WriteErrorAsync(
            new ConnectError(StatusCode.Unknown, sentence), httpStatus: StatusCodes.Status415UnsupportedMediaType);
    }

    // gRPC answers unknown methods of its own content types only; a Connect client gets a 404 it can read.
    private async Task AnswerUnknownAsync(HttpContext context)
    {
        var isConnect = options.DefaultEnabled && ConnectContentType.TryParse(context.Request.ContentType, out _);
        await next(context);

        if (isConnect && context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound, ContentType: null, ContentLength: null })
            await ConnectResponse.Of(context).WriteErrorAsync(
                new ConnectError(StatusCode.Unimplemented, $"No method is served at {context.Request.Path}."), httpStatus: StatusCodes.Status404NotFound);
    }
}
