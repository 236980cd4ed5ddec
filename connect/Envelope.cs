using System.Buffers;
using System.Buffers.Binary;

namespace RunLogs.Connect;

/// <summary>What stands around each message of a stream, in gRPC and in Connect: flags, a big-endian length.</summary>
/// <param name="Flags">What the message is.</param>
/// <param name="Length">How many bytes it has.</param>
internal readonly record struct Envelope(byte Flags, uint Length)
{
    public const int HeadSize = 5;
    public const byte Compressed = 1;
    public const byte EndOfStream = 2;

    public static Envelope Read(ReadOnlySpan<byte> head) => new(head[0], BinaryPrimitives.ReadUInt32BigEndian(head[1..]));

    public static void Write(IBufferWriter<byte> output, byte flags, ReadOnlySpan<byte> message)
    {
        var head = output.GetSpan(HeadSize);
        head[0] = flags;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], message.Length);
        output.Advance(HeadSize);
        output.Write(message);
    }
}
