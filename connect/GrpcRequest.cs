using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RunLogs.Connect;

/// <summary>A Connect request with the head of a gRPC one, so that Grpc.AspNetCore serves it.</summary>
internal static class GrpcRequest
{
    public static IHttpRequestFeature From(IHttpRequestFeature request, string? grpcTimeout)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        foreach (var header in request.Headers)
            headers.Append(header.Key, header.Value);

        headers.ContentType = "application/grpc";
        headers.TE = "trailers";
        headers.GrpcTimeout = grpcTimeout;

        // They describe the body on the wire, not the message inside it.
        headers.ContentLength = null;
        headers.ContentEncoding = default;
        headers.AcceptEncoding = default;
        headers.GrpcEncoding = default;
        headers.GrpcAcceptEncoding = default;

        return new HttpRequestFeature
        {
            Protocol = HttpProtocol.Http2,
            Scheme = request.Scheme,
            Method = HttpMethods.Post,
            PathBase = request.PathBase,
            Path = request.Path,
            QueryString = request.QueryString,
            RawTarget = request.RawTarget,
            Headers = headers,
            Body = request.Body,
        };
    }
}
