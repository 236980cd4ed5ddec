using System.Buffers;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RunLogs.Connect;

/// <summary>The real response, written in Connect's words: one message or one error, metadata before it, no trailers.</summary>
internal sealed class ConnectResponse(IHttpResponseFeature head, IHttpResponseBodyFeature body)
{
    private const string BinarySuffix = "-bin";

    public static ConnectResponse Of(HttpContext context) => new(
        context.Features.GetRequiredFeature<IHttpResponseFeature>(),
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());

    public Task WriteMessageAsync(ConnectContentType contentType, ReadOnlyMemory<byte> message, bool isGzip, Metadata trailers)
    {
        head.StatusCode = StatusCodes.Status200OK;
        head.Headers.ContentType = contentType.ToString();
        head.Headers.ContentEncoding = isGzip ? Gzip.Name : default;
        WriteMetadata(trailers);
        return WriteBodyAsync(message);
    }

    /// <summary>Writes an error; <paramref name="httpStatus"/> is for those that HTTP has its own status for.</summary>
    public Task WriteErrorAsync(ConnectError error, Metadata? trailers = null, int? httpStatus = null)
    {
        head.StatusCode = httpStatus ?? error.Code.HttpStatus;
        head.Headers.ContentType = "application/json";
        WriteMetadata(trailers ?? Metadata.Empty);
        return WriteBodyAsync(error.ToJson());
    }

    /// <summary>Sends what was written by something that is no gRPC method, as it is.</summary>
    public async Task PassOnAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty)
            await body.Writer.WriteAsync(bytes);
    }

    public Task CompleteAsync() => body.CompleteAsync();

    private async Task WriteBodyAsync(ReadOnlyMemory<byte> bytes)
    {
        head.Headers.ContentLength = bytes.Length;
        await body.StartAsync();
        body.Writer.Write(bytes.Span);
        await body.Writer.FlushAsync();
    }

    private void WriteMetadata(Metadata trailers)
    {
        // Without a message gRPC puts its trailers among the headers.
        foreach (var trailer in trailers)
            head.Headers.Remove(trailer.Key);

        foreach (var name in head.Headers.Keys.ToArray())
        {
            if (name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase))
                head.Headers.Remove(name);
            else if (name.EndsWith(BinarySuffix, StringComparison.OrdinalIgnoreCase))
                head.Headers[name] = head.Headers[name].Select(value => value?.TrimEnd('=')).ToArray();
        }

        foreach (var trailer in trailers)
        {
            if (!trailer.Key.StartsWith("grpc-", StringComparison.Ordinal))
                head.Headers.Append($"trailer-{trailer.Key}", trailer.IsBinary ? UnpaddedBase64.Encode(trailer.ValueBytes) : trailer.Value);
        }
    }
}
