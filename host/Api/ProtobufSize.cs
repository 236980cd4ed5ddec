using System.Numerics;

namespace RunLogs.Host.Api;

/// <summary>Sizes of protobuf's wire format.</summary>
internal static class ProtobufSize
{
    public static int Varint(ulong value) => value == 0 ? 1 : ((BitOperations.Log2(value) * 9) + 73) / 64;

    /// <summary>A length-delimited field with a one-byte tag.</summary>
    public static int Field(int length) => 1 + Varint((ulong)length) + length;
}
