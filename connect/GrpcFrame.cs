using System.Buffers.Binary;

namespace RunLogs.Connect;

/// <summary>gRPC's envelope of one message: a flag, a big-endian length, the message.</summary>
internal static class GrpcFrame
{
    private const int HeaderSize = 5;
    private const byte Compressed = 1;

    public static byte[] Wrap(ReadOnlyMemory<byte> message)
    {
        var frame = new byte[HeaderSize + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsMemory(HeaderSize));
        return frame;
    }

    /// <summary>The message of a frame; a service may compress its answers, and does so with gzip if at all.</summary>
    public static ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> frame)
    {
        var message = frame.Slice(HeaderSize, BinaryPrimitives.ReadInt32BigEndian(frame.Span[1..]));
        return frame.Span[0] == Compressed ? Gzip.Decompress(message, limit: null)!.Value : message;
    }
}
