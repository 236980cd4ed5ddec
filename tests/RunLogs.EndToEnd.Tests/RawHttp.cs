using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RunLogs.EndToEnd.Tests;

/// <summary>HTTP/1.1 with every byte of a request as it is given, on a connection of its own.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <param name="address">The host's.</param>
    /// <param name="head">Its lines, without those of the body's length.</param>
    /// <param name="body">What follows.</param>
    /// <param name="isChunked">Whether the body comes as a chunk, and not with its length.</param>
    public static async Task<(string Head, byte[] Body)> AskAsync(Uri address, string head, byte[] body, bool isChunked)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var length = isChunked ? $"transfer-encoding: chunked\r\n\r\n{body.Length:x}\r\n" : $"content-length: {body.Length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n" + length), TestContext.Current.CancellationToken);
        await stream.WriteAsync(body, TestContext.Current.CancellationToken);
        if (isChunked)
        {
            await stream.WriteAsync("\r\n0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        return await ReadAsync(stream).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private static async Task<(string Head, byte[] Body)> ReadAsync(Stream stream)
    {
        // Latin-1 keeps every byte.
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var head = new StringBuilder();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } line)
        {
            head.Append(line).Append("\r\n");
        }

        var length = $"{head}".Split("\r\n").Select(line => line.Split(": ")).FirstOrDefault(header => header[0].Equals("content-length", StringComparison.OrdinalIgnoreCase));
        if (length is not null)
        {
            return ($"{head}", await TakeAsync(reader, int.Parse(length[1], CultureInfo.InvariantCulture)));
        }

        var body = new List<byte>();
        while (Convert.ToInt32(await reader.ReadLineAsync(TestContext.Current.CancellationToken), 16) is > 0 and var size)
        {
            body.AddRange(await TakeAsync(reader, size));
            await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        return ($"{head}", [.. body]);
    }

    private static async Task<byte[]> TakeAsync(StreamReader reader, int size)
    {
        var chunk = new char[size];
        await reader.ReadBlockAsync(chunk, TestContext.Current.CancellationToken);
        return Encoding.Latin1.GetBytes(chunk);
    }
}
