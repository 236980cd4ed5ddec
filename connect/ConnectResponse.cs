using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RunLogs.Connect;

/// <summary>The real response, written in Connect's words: metadata before the body or in its last envelope, no HTTP trailers.</summary>
internal sealed class ConnectResponse(IHttpResponseFeature head, IHttpResponseBodyFeature body)
{
    private const string BinarySuffix = "-bin";

    public IHeaderDictionary Headers => head.Headers;

    public PipeWriter Body => body.Writer;

    public static ConnectResponse Of(HttpContext context) => new(
        context.Features.GetRequiredFeature<IHttpResponseFeature>(),
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());

    public static bool IsOfGrpc(string name) => name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase);

    public static string ValueOf(Metadata.Entry entry) => entry.IsBinary ? UnpaddedBase64.Encode(entry.ValueBytes) : entry.Value;

    public Task WriteMessageAsync(ConnectContentType contentType, ReadOnlyMemory<byte> message, bool isGzip, Metadata trailers)
    {
        head.StatusCode = StatusCodes.Status200OK;
        head.Headers.ContentType = contentType.ToString();
        head.Headers.ContentEncoding = isGzip ? Gzip.Name : default;
        TranslateHeaders(trailers);
        WriteTrailers(trailers);
        return WriteBodyAsync(message);
    }

    /// <summary>Writes an error; <paramref name="httpStatus"/> is for those that HTTP has its own status for.</summary>
    public Task WriteErrorAsync(ConnectError error, Metadata? trailers = null, int? httpStatus = null)
    {
        head.StatusCode = httpStatus ?? error.Code.HttpStatus;
        head.Headers.ContentType = "application/json";
        TranslateHeaders(trailers ?? Metadata.Empty);
        WriteTrailers(trailers ?? Metadata.Empty);
        return WriteBodyAsync(error.ToJson());
    }

    /// <summary>Prepares the headers of a stream, which is a success to HTTP whatever its end.</summary>
    public void WriteStreamHead(ConnectContentType contentType, bool isGzip, Metadata trailers)
    {
        head.StatusCode = StatusCodes.Status200OK;
        head.Headers.ContentType = contentType.ToString();
        head.Headers[CallHeaders.StreamEncoding] = isGzip ? Gzip.Name : default;
        head.Headers[CallHeaders.StreamAcceptEncoding] = Gzip.Name;
        TranslateHeaders(trailers);
    }

    /// <summary>Writes a stream that is known as a whole.</summary>
    public Task WriteStreamAsync(ConnectContentType contentType, ReadOnlyMemory<byte> envelopes)
    {
        WriteStreamHead(contentType, isGzip: false, Metadata.Empty);
        return WriteBodyAsync(envelopes);
    }

    /// <summary>Sends what was written by something that is no gRPC method, as it is.</summary>
    public async Task PassOnAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty)
            await body.Writer.WriteAsync(bytes);
    }

    public Task StartAsync() => body.StartAsync();

    public Task CompleteAsync() => body.CompleteAsync();

    private async Task WriteBodyAsync(ReadOnlyMemory<byte> bytes)
    {
        head.Headers.ContentLength = bytes.Length;
        await body.StartAsync();
        body.Writer.Write(bytes.Span);
        await body.Writer.FlushAsync();
    }

    private void TranslateHeaders(Metadata trailers)
    {
        // Without a message gRPC puts its trailers among the headers.
        foreach (var trailer in trailers)
            head.Headers.Remove(trailer.Key);

        foreach (var name in head.Headers.Keys.ToArray())
        {
            if (IsOfGrpc(name))
                head.Headers.Remove(name);
            else if (name.EndsWith(BinarySuffix, StringComparison.OrdinalIgnoreCase))
                head.Headers[name] = head.Headers[name].Select(value => value?.TrimEnd('=')).ToArray();
        }
    }

    private void WriteTrailers(Metadata trailers)
    {
        foreach (var trailer in trailers)
        {
            if (!IsOfGrpc(trailer.Key))
                head.Headers.Append($"trailer-{trailer.Key}", ValueOf(trailer));
        }
    }
}
