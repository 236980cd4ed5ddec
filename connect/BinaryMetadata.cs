using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RunLogs.Connect;

/// <summary>Binary metadata as gRPC asks servers to send it: without the padding of its base64, which Grpc.AspNetCore leaves on.</summary>
internal sealed class BinaryMetadata(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            Unpad(context.Response.Headers);
            return Task.CompletedTask;
        });
        await next(context);
        if (context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
            Unpad(trailers);
    }

    private static void Unpad(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(name => name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase)).ToList())
            headers[name] = headers[name].Select(value => value?.TrimEnd('=')).ToArray();
    }
}
