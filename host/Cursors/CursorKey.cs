using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RunLogs.Host.Cursors;

/// <summary>A secret that signs cursors, and the name by which they tell it.</summary>
internal sealed class CursorKey(string secret)
{
    /// <summary>The bytes of a signature: 128 bits.</summary>
    public const int SignatureBytes = 16;

    /// <summary>The least characters of a secret.</summary>
    public const int LeastCharacters = 32;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    public uint Id => BinaryPrimitives.ReadUInt32BigEndian(HMACSHA256.HashData(_key, "RunLogs cursor key id"u8));

    public void Sign(ReadOnlySpan<byte> text, Span<byte> signature)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, text, whole);
        whole[..SignatureBytes].CopyTo(signature);
    }

    public bool Verifies(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        Span<byte> own = stackalloc byte[SignatureBytes];
        Sign(text, own);
        return CryptographicOperations.FixedTimeEquals(own, signature);
    }
}
