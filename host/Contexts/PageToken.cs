using System.Buffers.Binary;
using System.Buffers.Text;

namespace RunLogs.Host.Contexts;

/// <summary>The place in a list as clients hold it: the sequence of the last record they were given.</summary>
/// <remarks>Records keep their sequence, so what is put or deleted between two pages moves nothing else.</remarks>
internal static class PageToken
{
    private const byte Version = 1;
    private const int Length = 1 + sizeof(long);

    public static string Of(long sequence)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], sequence);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string token, out long sequence)
    {
        Span<byte> bytes = stackalloc byte[Length];
        sequence = 0;
        if (token.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != Length)
        {
            return false;
        }

        sequence = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        return bytes[0] == Version && sequence > 0;
    }
}
