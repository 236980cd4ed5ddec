using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Envelopes of Connect's streams, written and read by hand.</summary>
internal static class ConnectStream
{
    public static byte[] Envelope(byte flags, byte[] message)
    {
        var envelope = new byte[5 + message.Length];
        envelope[0] = flags;
        BinaryPrimitives.WriteInt32BigEndian(envelope.AsSpan(1), message.Length);
        message.CopyTo(envelope, 5);
        return envelope;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    /// <summary>The next envelope with its message in plain.</summary>
    public static async Task<(int Flags, byte[] Message)> NextAsync(Stream body)
    {
        var head = new byte[5];
        await body.ReadExactlyAsync(head, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await body.ReadExactlyAsync(message, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        if ((head[0] & 1) == 0)
        {
            return (head[0], message);
        }

        var plain = new MemoryStream();
        await using var gzip = new GZipStream(new MemoryStream(message), CompressionMode.Decompress);
        await gzip.CopyToAsync(plain, TestContext.Current.CancellationToken);
        return (head[0] & ~1, plain.ToArray());
    }

    /// <summary>All messages of a stream, and its end.</summary>
    public static async Task<(List<byte[]> Messages, JsonElement End)> ReadAllAsync(Stream body)
    {
        var messages = new List<byte[]>();
        while (true)
        {
            var (flags, message) = await NextAsync(body);
            if (flags == 2)
            {
                return (messages, JsonDocument.Parse(message).RootElement);
            }

            messages.Add(message);
        }
    }
}
