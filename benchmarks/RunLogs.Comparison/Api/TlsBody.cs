using Microsoft.AspNetCore.Http;

namespace RunLogs.Comparison.Api;

/// <summary>A body that Kestrel frames.</summary>
internal sealed class TlsBody : ILogBody
{
    private readonly HttpContext _context;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TlsBody(HttpContext context)
    {
        _context = context;
        context.RequestAborted.Register(() => _gone.TrySetResult());
    }

    public Task Gone => _gone.Task;

    public async ValueTask SendSecondsAsync(ReadOnlyMemory<byte> framed, CancellationToken cancellationToken)
    {
        for (; !framed.IsEmpty; framed = framed[LogText.FramedLength..])
        {
            for (var chunk = 0; chunk < LogText.ChunksPerSecond; chunk++)
            {
                await SendAsync(LogText.ChunkOf(framed, chunk), cancellationToken);
            }
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => await _context.Response.BodyWriter.WriteAsync(piece, cancellationToken);
}
