using System.Buffers.Binary;

namespace RunLogs.Connect;

/// <summary>gRPC's envelope of one message.</summary>
internal static class GrpcFrame
{
    public static byte[] Wrap(ReadOnlyMemory<byte> message)
    {
        var frame = new byte[Envelope.HeadSize + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsMemory(Envelope.HeadSize));
        return frame;
    }

    /// <summary>Takes the first message from frames; a service may compress its answers, and does so with gzip if at all.</summary>
    public static bool TryTake(ref ReadOnlyMemory<byte> frames, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (frames.Length < Envelope.HeadSize)
            return false;

        var envelope = Envelope.Read(frames.Span);
        if (frames.Length - Envelope.HeadSize < envelope.Length)
            return false;

        message = frames.Slice(Envelope.HeadSize, (int)envelope.Length);
        frames = frames[(Envelope.HeadSize + message.Length)..];
        if (envelope.Flags == Envelope.Compressed)
            message = Gzip.Decompress(message, limit: null)!.Value;
        return true;
    }
}
