using System.Net.Sockets;
using System.Text;

namespace RunLogs.Comparison.Api;

/// <summary>One connection: GET requests, one after the other.</summary>
internal sealed class PlainConnection(Socket socket, LogAnswers logs)
{
    private const string LogHead = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCache-Control: no-cache, private\r\nTransfer-Encoding: chunked\r\n\r\n";

    private readonly byte[] _request = new byte[8 * 1024];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await ReadTargetAsync(cancellationToken) is { } target)
            {
                await AnswerAsync(ApiRoutes.Find(target), cancellationToken);
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A client may go at any time.
        }
        finally
        {
            socket.Dispose();
        }
    }

    // Null when the client has closed the connection.
    private async Task<string?> ReadTargetAsync(CancellationToken cancellationToken)
    {
        for (var length = 0; length < _request.Length;)
        {
            var read = await socket.ReceiveAsync(_request.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            length += read;
            if (_request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                return Encoding.ASCII.GetString(_request, 0, length).Split(' ', 3)[1];
            }
        }

        return null;
    }

    private async Task AnswerAsync(ApiAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Log is null)
        {
            var head = $"HTTP/1.1 {answer.Status} {(answer.Status == 200 ? "OK" : "Not Found")}\r\nContent-Type: application/json\r\nContent-Length: {answer.Json.Length}\r\n\r\n";
            await SendAllAsync(Encoding.ASCII.GetBytes(head + answer.Json), cancellationToken);
            return;
        }

        await SendAllAsync(Encoding.ASCII.GetBytes(LogHead), cancellationToken);

        // While a log is followed the client sends nothing but its going.
        var gone = answer.Log is { Follow: true, Pod.Runs: true } ? socket.ReceiveAsync(_request.AsMemory(0, 1), cancellationToken).AsTask() : Task.CompletedTask;
        await logs.SendAsync(answer.Log, new PlainBody(SendAllAsync, gone), cancellationToken);
        await SendAllAsync("0\r\n\r\n"u8.ToArray(), cancellationToken);
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
        }
    }
}
