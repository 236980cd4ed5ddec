using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace RunLogs.Comparison.Api;

/// <summary>The one endless log of which every pod has a beginning: lines of 100 bytes, each with its number, a thousand in a second; any second of it can be made at any time.</summary>
/// <remarks>A second is kept in the frames of an HTTP/1.1 answer, four chunks of about 32 KiB, as an API server sends them.</remarks>
internal static class LogText
{
    public const int LinesPerSecond = 1000;
    public const int TextLength = 100;
    public const int StampLength = 30;
    public const int LineLength = StampLength + 1 + TextLength + 1;
    public const int ChunksPerSecond = 4;
    public const int ChunkLength = LinesPerSecond / ChunksPerSecond * LineLength;
    public const int FramedLength = ChunksPerSecond * FrameLength;

    private const int DateLength = 19;
    private const int SecondDigits = 9;
    private const int FrameLength = HeadLength + ChunkLength + 2;
    private const int HeadLength = 6;
    private static readonly DateTime Start = new(2025, 11, 22, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>RFC 3339 without a fraction.</summary>
    public static string TimeOf(long second) => Start.AddSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>When a log of so many lines ended.</summary>
    public static DateTime EndOf(long lines) => Start.AddSeconds((lines / LinesPerSecond) + 1);

    /// <summary>The second of the log at a time; 0 for all times before it.</summary>
    public static long SecondAt(DateTime time) => Math.Max(0, (long)Math.Floor((time - Start).TotalSeconds));

    /// <summary>Memory of a framed second, of which <see cref="Stamp"/> makes any.</summary>
    public static byte[] NewSecond()
    {
        var framed = new byte[FramedLength];
        for (var chunk = 0; chunk < ChunksPerSecond; chunk++)
        {
            Encoding.ASCII.GetBytes($"{ChunkLength:x4}\r\n").CopyTo(framed, chunk * FrameLength);
            "\r\n"u8.CopyTo(framed.AsSpan(((chunk + 1) * FrameLength) - 2));
        }

        for (var i = 0; i < LinesPerSecond; i++)
        {
            var line = framed.AsSpan(Offset(i), LineLength);
            Encoding.ASCII.GetBytes($"0000-00-00T00:00:00.{i:D3}000000Z 000000000{i:D3} ", line);
            for (var j = StampLength + 1 + SecondDigits + 4; j < LineLength - 1; j++)
            {
                line[j] = (byte)(' ' + ((i + j) % 95));
            }

            line[^1] = (byte)'\n';
        }

        return framed;
    }

    /// <summary>Turns a framed second into another one.</summary>
    public static void Stamp(Span<byte> framed, long second)
    {
        Span<byte> date = stackalloc byte[DateLength];
        Span<byte> digits = stackalloc byte[SecondDigits];
        Encoding.ASCII.GetBytes(TimeOf(second).AsSpan(0, DateLength), date);
        Utf8Formatter.TryFormat(second, digits, out _, new('D', SecondDigits));
        for (var i = 0; i < LinesPerSecond; i++)
        {
            var line = framed.Slice(Offset(i), LineLength);
            date.CopyTo(line);
            digits.CopyTo(line[(StampLength + 1)..]);
        }
    }

    /// <summary>Lines of one framed second that lie in one chunk, without its frame: from a line to another or to the chunk's end.</summary>
    public static Memory<byte> Piece(Memory<byte> framed, int from, int to)
    {
        var last = Math.Min(to, ((from / (LinesPerSecond / ChunksPerSecond)) + 1) * (LinesPerSecond / ChunksPerSecond));
        return framed.Slice(Offset(from), (last - from) * LineLength);
    }

    /// <summary>A chunk of a framed second without its frame.</summary>
    public static ReadOnlyMemory<byte> ChunkOf(ReadOnlyMemory<byte> framed, int chunk) => framed.Slice((chunk * FrameLength) + HeadLength, ChunkLength);

    /// <summary>XXH128 over the texts of the first lines, each with a line feed.</summary>
    public static string HashOf(long lines)
    {
        var hash = new XxHash128();
        var second = NewSecond();
        for (var i = 0L; i < lines; i++)
        {
            var inSecond = (int)(i % LinesPerSecond);
            if (inSecond == 0)
            {
                Stamp(second, i / LinesPerSecond);
            }

            hash.Append(Line(second, inSecond)[(StampLength + 1)..]);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>The texts of lines, each with a line feed.</summary>
    public static string TextOf(long from, long to)
    {
        var (text, second) = (new StringBuilder(), NewSecond());
        for (var i = from; i < to; i++)
        {
            Stamp(second, i / LinesPerSecond);
            text.Append(Encoding.ASCII.GetString(Line(second, (int)(i % LinesPerSecond))[(StampLength + 1)..]));
        }

        return text.ToString();
    }

    /// <summary>One line of a framed second.</summary>
    public static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> framed, int line) => framed.Slice(Offset(line), LineLength);

    private static int Offset(int line) => (line / (LinesPerSecond / ChunksPerSecond) * FrameLength) + HeadLength + (line % (LinesPerSecond / ChunksPerSecond) * LineLength);
}
