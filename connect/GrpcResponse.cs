using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RunLogs.Connect;

/// <summary>The response as Grpc.AspNetCore sees it: headers of the real one, the body on its way into Connect's words, trailers kept from the wire.</summary>
/// <param name="response">The real response.</param>
/// <param name="body">Where the gRPC frames go.</param>
/// <param name="end">Answers the client before the handler has returned: its time is over.</param>
/// <param name="cancel">Stops what still reads the request.</param>
internal sealed class GrpcResponse(IHttpResponseFeature response, ResponseBody body, Func<Task> end, Action cancel)
    : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpResponseTrailersFeature, IHttpResetFeature
{
    private Stream? _stream;

    public int StatusCode
    {
        get => response.StatusCode;
        set => response.StatusCode = value;
    }

    public string? ReasonPhrase
    {
        get => response.ReasonPhrase;
        set => response.ReasonPhrase = value;
    }

    public IHeaderDictionary Headers
    {
        get => response.Headers;
        set => response.Headers = value;
    }

    // gRPC puts its trailers into the trailers only once the response has started.
    public bool HasStarted => body.IsStarted || response.HasStarted;

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    public PipeWriter Writer => body;

    public Stream Stream => _stream ??= body.AsStream(leaveOpen: true);

    Stream IHttpResponseFeature.Body
    {
        get => Stream;
        set => throw new NotSupportedException("The body of a Connect call cannot be replaced.");
    }

    public void OnStarting(Func<object, Task> callback, object state) => response.OnStarting(callback, state);

    public void OnCompleted(Func<object, Task> callback, object state) => response.OnCompleted(callback, state);

    public Task StartAsync(CancellationToken cancellationToken = default) => body.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public void DisableBuffering()
    {
        // A message is sent when it is whole, and then at once.
    }

    public Task CompleteAsync() => end();

    public void Reset(int errorCode) => cancel();
}
