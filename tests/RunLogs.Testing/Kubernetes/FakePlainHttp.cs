using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace RunLogs.Testing.Kubernetes;

/// <summary>What an API server says on its TLS port to whoever speaks plain HTTP.</summary>
internal static class FakePlainHttp
{
    private const byte TlsHandshake = 0x16;

    public static async Task AnswerAsync(ConnectionContext connection, ConnectionDelegate tls)
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        var first = await input.ReadAsync(connection.ConnectionClosed);
        var isPlain = !first.Buffer.IsEmpty && first.Buffer.FirstSpan[0] != TlsHandshake;
        input.AdvanceTo(isPlain ? first.Buffer.End : first.Buffer.Start);
        if (!isPlain)
        {
            await tls(connection);
            return;
        }

        output.Write("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"u8);
        await output.FlushAsync(connection.ConnectionClosed);
    }
}
