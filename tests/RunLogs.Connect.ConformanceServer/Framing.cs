using System.Buffers.Binary;
using Google.Protobuf;

namespace RunLogs.Connect.Conformance;

/// <summary>How the runner and a server exchange messages: four bytes of big-endian length, then the message.</summary>
public static class Framing
{
    private const int LargestMessage = 1024 * 1024;

    public static async Task<T> ReadAsync<T>(Stream input, MessageParser<T> parser) where T : IMessage<T>
    {
        var head = new byte[4];
        await input.ReadExactlyAsync(head);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length > LargestMessage)
            throw new InvalidDataException($"A message of {length} bytes is announced; the runner sends at most {LargestMessage}.");

        var message = new byte[length];
        await input.ReadExactlyAsync(message);
        return parser.ParseFrom(message);
    }

    public static async Task WriteAsync(Stream output, IMessage message)
    {
        var bytes = new byte[4 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
        message.WriteTo(bytes.AsSpan(4));
        await output.WriteAsync(bytes);
        await output.FlushAsync();
    }
}
