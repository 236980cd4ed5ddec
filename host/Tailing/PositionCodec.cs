using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>The bytes of a position in a cursor: versioned, compact, and read without trust.</summary>
internal static class PositionCodec
{
    /// <summary>The most bytes a position is given.</summary>
    public const int MaxBytes = 768;

    /// <summary>The room every position needs; what is left of a larger one goes to its counts, then to its newest lines.</summary>
    public const int MinBytes = 256;

    private const byte Version = 1;
    private const int LeastTail = 128;
    private const int MaxIdBytes = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    [Flags]
    private enum Has : byte
    {
        Restarts = 1,
        HexId = 2,
        TextId = 4,
        Time = 8,
        CountedFrom = 16,
        NoCounts = 32,
        Timeless = 64,
    }

    /// <summary>Writes a position into at least <see cref="MinBytes"/>, and returns how many of them it took.</summary>
    public static int Write(PositionRecord position, Span<byte> to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to.Length, MinBytes);
        var writer = new PositionWriter(to[..Math.Min(to.Length, MaxBytes)]);
        WriteHead(ref writer, position);
        PositionLines.WriteCounts(ref writer, position.Counts, position.Newest);
        if (writer.Length > writer.Room - LeastTail)
        {
            // Without counts, the lines themselves are searched for.
            writer.Length = 0;
            WriteHead(ref writer, position with { CountedFrom = long.MaxValue });
            PositionLines.WriteCounts(ref writer, [], position.Newest);
        }

        PositionLines.WriteTail(ref writer, position.Tail, position.Newest);
        return writer.Length;
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, [NotNullWhen(true)] out PositionRecord? position)
    {
        position = null;
        var reader = new PositionReader(from);
        if (reader.Byte() != Version)
        {
            return false;
        }

        var read = ReadHead(ref reader);
        read = read with { Counts = PositionLines.ReadCounts(ref reader, read.Newest), Tail = PositionLines.ReadTail(ref reader, read.Newest) };
        position = reader.IsBad || !reader.IsAtEnd ? null : read;
        return position is not null;
    }

    private static void WriteHead(ref PositionWriter writer, PositionRecord position)
    {
        Span<byte> id = stackalloc byte[MaxIdBytes];
        var hasId = EncodeId(position.Instance?.ContainerId, id, out var idBytes);
        var has = hasId
            | (position.Instance?.RestartCount is null ? 0 : Has.Restarts)
            | (position.Newest.IsNone ? 0 : Has.Time)
            | (position.CountedFrom is long.MinValue or long.MaxValue ? 0 : Has.CountedFrom)
            | (position.CountedFrom == long.MaxValue ? Has.NoCounts : 0)
            | (position.Timeless.Lines == 0 ? 0 : Has.Timeless);
        writer.Byte(Version);
        writer.Byte((byte)has);
        if (has.HasFlag(Has.Restarts))
        {
            writer.Signed(position.Instance!.RestartCount!.Value);
        }

        if (hasId != 0)
        {
            writer.Byte((byte)idBytes);
            writer.Bytes(id[..idBytes]);
        }

        if (has.HasFlag(Has.Time))
        {
            writer.Hash((ulong)position.Newest.UnixNanoseconds, sizeof(long));
        }

        if (has.HasFlag(Has.CountedFrom))
        {
            writer.Signed(position.CountedFrom);
        }

        if (has.HasFlag(Has.Timeless))
        {
            writer.Number((ulong)position.Timeless.Lines);
            writer.Hash(position.Timeless.Digest, PositionLines.DigestBytes);
        }

        writer.Number((ulong)position.PartsOfOpenLine);
    }

    private static PositionRecord ReadHead(ref PositionReader reader)
    {
        var has = (Has)reader.Bounded(reader.Byte(), 0, (2 * (int)Has.Timeless) - 1);
        int? restarts = has.HasFlag(Has.Restarts) ? (int)reader.Signed(int.MaxValue) : null;
        var id = (has & (Has.HexId | Has.TextId)) == 0 ? null : DecodeId(ref reader, has.HasFlag(Has.HexId));
        return new PositionRecord
        {
            Instance = restarts is null && id is null ? null : new ContainerInstance { RestartCount = restarts, ContainerId = id },
            Newest = has.HasFlag(Has.Time) ? new LogTimestamp(reader.Bounded((long)reader.Hash(sizeof(long)), -long.MaxValue, long.MaxValue)) : LogTimestamp.None,
            CountedFrom = has.HasFlag(Has.NoCounts) ? long.MaxValue : has.HasFlag(Has.CountedFrom) ? reader.Signed(PositionLines.MostSeconds) : long.MinValue,
            Timeless = has.HasFlag(Has.Timeless)
                ? LineCount.Timeless with { Lines = reader.Number(long.MaxValue), Digest = reader.Hash(PositionLines.DigestBytes) }
                : LineCount.Timeless,
            PartsOfOpenLine = (int)reader.Number(int.MaxValue),
        };
    }

    private static Has EncodeId(string? id, Span<byte> to, out int length)
    {
        if (id is { Length: > 0 and <= MaxIdBytes * 2 } && id.Length % 2 == 0 && !id.AsSpan().ContainsAnyExcept(HexDigits))
        {
            Convert.FromHexString(id, to, out _, out length);
            return Has.HexId;
        }

        return Encoding.UTF8.TryGetBytes(id, to, out length) && length > 0 ? Has.TextId : 0;
    }

    private static string DecodeId(ref PositionReader reader, bool isHex)
    {
        var bytes = reader.Bytes((int)reader.Bounded(reader.Byte(), 1, MaxIdBytes));
        return isHex ? Convert.ToHexStringLower(bytes) : Encoding.UTF8.GetString(bytes);
    }
}
