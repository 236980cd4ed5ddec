using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>What stands before the text of a CRI record: <c>2026-11-22T17:53:44.488229600Z stdout F text</c>.</summary>
/// <param name="Timestamp">When the runtime read the text.</param>
/// <param name="Stream">Where it was written.</param>
/// <param name="IsPart">Whether the line goes on in the next record of the same stream.</param>
/// <param name="TextOffset">Where the text begins in the record.</param>
internal readonly record struct CriRecord(LogTimestamp Timestamp, OutputStream Stream, bool IsPart, int TextOffset)
{
    /// <summary>More bytes than the longest head has.</summary>
    public const int MaxHeadBytes = 64;

    /// <summary>What is no CRI record: a whole line without a time, so that nothing is hidden.</summary>
    public static CriRecord Malformed { get; } = new(LogTimestamp.None, OutputStream.Unknown, false, 0);

    public static CriRecord Parse(ReadOnlySpan<byte> record)
    {
        var time = record.IndexOf((byte)' ');
        if (time < 0 || !LogTimestamp.TryParse(record[..time], out var timestamp))
            return Malformed;

        var rest = record[(time + 1)..];
        var stream = rest.StartsWith("stdout "u8) ? OutputStream.Stdout : rest.StartsWith("stderr "u8) ? OutputStream.Stderr : OutputStream.Unknown;
        if (stream == OutputStream.Unknown)
            return Malformed;

        // Tags are separated by colons; only the first says whether the line is whole.
        rest = rest["stdout ".Length..];
        var tags = rest.IndexOf((byte)' ');
        return rest is [(byte)'F' or (byte)'P', (byte)' ' or (byte)':', ..] && tags >= 0
            ? new CriRecord(timestamp, stream, rest[0] == (byte)'P', time + 1 + "stdout ".Length + tags + 1)
            : Malformed;
    }
}
