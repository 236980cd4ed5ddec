using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;

namespace RunLogs.Connect.Tests;

/// <summary>Writes envelopes, and reads them as strictly as the protocol is written.</summary>
internal static class Envelopes
{
    public static byte[] Of(byte flags, byte[] message)
    {
        var envelope = new byte[5 + message.Length];
        envelope[0] = flags;
        BinaryPrimitives.WriteInt32BigEndian(envelope.AsSpan(1), message.Length);
        message.CopyTo(envelope, 5);
        return envelope;
    }

    public static byte[] Gzipped(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    public static byte[] Plain(byte[] bytes)
    {
        var plain = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress))
            gzip.CopyTo(plain);
        return plain.ToArray();
    }

    /// <summary>The next envelope; null at the end of the body.</summary>
    public static async Task<(byte Flags, byte[] Message)?> NextAsync(Stream body)
    {
        var head = new byte[5];
        var count = await body.ReadAtLeastAsync(head, 5, throwOnEndOfStream: false).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        if (count == 0)
            return null;

        Assert.Equal(5, count);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await body.ReadExactlyAsync(message).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        return (head[0], message);
    }

    /// <summary>A whole stream: its messages, as they were sent, and its end.</summary>
    public static async Task<(List<(byte Flags, byte[] Message)> Messages, JsonElement End)> ReadStreamAsync(this HttpResponseMessage response)
    {
        Assert.Equal(200, (int)response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync();
        var messages = new List<(byte, byte[])>();
        while (await NextAsync(body) is var (flags, message))
        {
            if (flags != 2)
            {
                Assert.InRange(flags, 0, 1);
                messages.Add((flags, flags == 1 ? Plain(message) : message));
                continue;
            }

            Assert.Null(await NextAsync(body));
            Assert.Empty(response.TrailingHeaders);
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase));
            var end = JsonDocument.Parse(message).RootElement;
            Assert.All(end.EnumerateObject(), property => Assert.Contains(property.Name, (string[])["error", "metadata"]));
            return (messages, end);
        }

        throw new InvalidOperationException("The stream has no end.");
    }

    /// <summary>The code and the message of a stream's end.</summary>
    public static (string? Code, string? Message) Error(this JsonElement end) => end.TryGetProperty("error", out var error)
        ? (error.GetProperty("code").GetString(), error.TryGetProperty("message", out var message) ? message.GetString() : null)
        : (null, null);
}
