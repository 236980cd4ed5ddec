using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RunLogs.Connect.Conformance;

/// <summary>Grpc.AspNetCore pads the base64 of binary metadata, which gRPC asks servers not to and the runner remarks on.</summary>
internal static class UnpaddedMetadata
{
    public static void UseUnpaddedMetadata(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            Unpad(context.Response.Headers);
            return Task.CompletedTask;
        });
        await next(context);
        if (context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
            Unpad(trailers);
    });

    private static void Unpad(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(name => name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase)).ToList())
            headers[name] = headers[name].Select(value => value?.TrimEnd('=')).ToArray();
    }
}
