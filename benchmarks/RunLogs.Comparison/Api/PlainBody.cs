using System.Text;

namespace RunLogs.Comparison.Api;

/// <summary>A chunked body.</summary>
internal sealed class PlainBody(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, Task gone) : ILogBody
{
    public Task Gone => gone;

    public ValueTask SendSecondsAsync(ReadOnlyMemory<byte> framed, CancellationToken cancellationToken) => send(framed, cancellationToken);

    public ValueTask SendAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        var head = Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n");
        byte[] framed = [.. head, .. piece.Span, .. "\r\n"u8];
        return send(framed, cancellationToken);
    }
}
