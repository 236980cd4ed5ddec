using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace RunLogs.Connect;

/// <summary>The one body compression served: which bodies have it, which answers may, and doing it.</summary>
internal static class Gzip
{
    public const string Name = "gzip";

    // What fits into one packet gains nothing.
    private const int SmallestBody = 1024;

    /// <summary>Whether an encoding header names gzip rather than nothing.</summary>
    public static bool IsNamed(string header, StringValues encoding) => encoding.ToString().ToLowerInvariant() switch
    {
        "" or "identity" => false,
        Name => true,
        var unknown => throw new RpcException(new Status(StatusCode.Unimplemented,
            $"{header} \"{unknown}\" is not supported; supported are identity and gzip.")),
    };

    // A client that says nothing reads what it wrote.
    public static bool IsAccepted(StringValues accepts, bool isUsed) => accepts.Count == 0
        ? isUsed
        : StringWithQualityHeaderValue.TryParseList(accepts, out var accepted)
            && accepted.Any(encoding => encoding.Value == Name && encoding.Quality is not 0);

    public static bool IsWorthwhile(ReadOnlyMemory<byte> body) => body.Length >= SmallestBody;

    public static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(body.Span);
        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    /// <summary>The plain bytes; null when there are more than <paramref name="limit"/> of them.</summary>
    public static ReadOnlyMemory<byte>? Decompress(ReadOnlyMemory<byte> body, int? limit)
    {
        using var gzip = new GZipStream(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
        var plain = new ArrayBufferWriter<byte>();
        int count;
        while ((count = gzip.Read(plain.GetSpan())) > 0)
        {
            plain.Advance(count);
            if (plain.WrittenCount > limit)
                return null;
        }

        // The stream takes a body that was cut for a short one; gzip's last four bytes are the plain length.
        if (body.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(body.Span[^4..]) != plain.WrittenCount)
            throw new InvalidDataException("The gzip body was cut.");
        return plain.WrittenMemory;
    }
}
