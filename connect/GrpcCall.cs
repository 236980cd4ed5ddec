using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RunLogs.Connect;

/// <summary>Runs the rest of the pipeline on a Connect call that looks like a gRPC call.</summary>
internal static class GrpcCall
{
    /// <returns>The call as gRPC ended it; null when something before the endpoint, authorization for one, answered in plain HTTP.</returns>
    public static async Task<ServerCallContext?> RunAsync(
        HttpContext context, RequestDelegate next, string? timeout, RequestReader request, ResponseBody body, Func<Task> endEarly)
    {
        var features = context.Features;
        var realRequest = features.GetRequiredFeature<IHttpRequestFeature>();
        var realRequestBody = features.Get<IRequestBodyPipeFeature>();
        var realResponse = features.GetRequiredFeature<IHttpResponseFeature>();
        var realResponseBody = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var realTrailers = features.Get<IHttpResponseTrailersFeature>();
        var realReset = features.Get<IHttpResetFeature>();

        var response = new GrpcResponse(realResponse, body, endEarly, request.CancelPendingRead);
        try
        {
            features.Set(GrpcRequest.From(realRequest, timeout));
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
}
