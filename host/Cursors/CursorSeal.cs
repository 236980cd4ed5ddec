using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Cursors;

/// <summary>Makes cursors of tails and reads them again: version, key id, target and positions, signed, in base64url.</summary>
internal sealed class CursorSeal(CursorKeys keys)
{
    /// <summary>The longest cursor that is sent in a header or a trailer, in characters.</summary>
    public const int MaxInHeader = 6 * 1024;

    private const int MaxInHeaderBytes = MaxInHeader / 4 * 3;
    private const byte Version = 1;
    private const int HeadBytes = 1 + sizeof(uint);
    private const int MostCharacters = 256 * 1024;
    private const string WhatToDo = "send the last cursor as it came, or none and since instead";

    /// <summary>The cursor after what a tail's client got so far.</summary>
    public string Seal(TailPlan plan, Delivery delivery)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        var head = bytes.GetSpan(HeadBytes);
        head[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(head[1..], keys.SigningId);
        bytes.Advance(HeadBytes);
        CursorPayload.Write(bytes, plan, delivery, MaxInHeaderBytes - HeadBytes - CursorKey.SignatureBytes);
        keys.Signing.Sign(bytes.WrittenSpan, bytes.GetSpan(CursorKey.SignatureBytes));
        bytes.Advance(CursorKey.SignatureBytes);
        return Base64Url.EncodeToString(bytes.WrittenSpan);
    }

    /// <summary>The cursor after what a tail's client got so far; null when it is too long for a header.</summary>
    public string? SealForHeader(TailPlan plan, Delivery delivery) => Seal(plan, delivery) is { Length: <= MaxInHeader } cursor ? cursor : null;

    /// <summary>Reads a cursor; <paramref name="fault"/> says what is wrong with one that cannot be used.</summary>
    public bool TryOpen(string text, [NotNullWhen(true)] out TailCursor? cursor, out string fault)
    {
        (cursor, fault) = (null, $"is none that RunLogs gave: {WhatToDo}");
        if (text.Length > MostCharacters || !Base64Url.IsValid(text))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < HeadBytes + CursorKey.SignatureBytes)
        {
            return false;
        }

        if (bytes[0] != Version)
        {
            fault = $"is of another version of RunLogs, or none that it gave: {WhatToDo}";
            return false;
        }

        if (keys.Find(BinaryPrimitives.ReadUInt32BigEndian(bytes[1..])) is not { } key)
        {
            fault = "was signed with a key that this RunLogs does not have (RunLogs:CursorKey must be the same on all replicas, and keep the old key after the new one): send none, and since instead";
            return false;
        }

        var signed = bytes[..^CursorKey.SignatureBytes];
        return key.Verifies(signed, bytes[signed.Length..]) && CursorPayload.TryRead(signed[HeadBytes..], out cursor);
    }
}
