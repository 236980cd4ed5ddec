using System.Buffers;
using RunLogs.Abstractions;

namespace RunLogs.Benchmarks;

/// <summary>Logs of ASCII lines of 100 bytes, a thousand in a second.</summary>
internal static class SomeLog
{
    /// <summary>With the time before its text and the line feed behind it.</summary>
    public const int LineLength = LogTimestamp.FormattedLength + 1 + TextLength + 1;

    private const int TextLength = 100;
    private const long Start = 1_763_833_424_488_229_600;

    public static TailRequest Request { get; } = new() { Cluster = "default", Namespace = "flyte", Pod = "run-a0-0", Container = "main", Follow = FollowMode.Never };

    /// <summary>The body of the Kubernetes API's answer: <c>2006-01-02T15:04:05.000000000Z text</c>.</summary>
    public static byte[] Body(int lines)
    {
        var body = new byte[lines * LineLength];
        for (var i = 0; i < lines; i++)
        {
            var line = body.AsSpan(i * LineLength, LineLength);
            TimeOf(i).TryFormat(line, out var written);
            line[written] = (byte)' ';
            Text(i).CopyTo(line[(written + 1)..]);
            line[^1] = (byte)'\n';
        }

        return body;
    }

    /// <summary>The file that a container runtime keeps of the same lines: <c>2006-01-02T15:04:05.000000000Z stdout F text</c>.</summary>
    public static byte[] File(int lines)
    {
        var file = new ArrayBufferWriter<byte>();
        for (var i = 0; i < lines; i++)
        {
            TimeOf(i).TryFormat(file.GetSpan(LogTimestamp.FormattedLength), out var written);
            file.Advance(written);
            file.Write(" stdout F "u8);
            file.Write(Text(i));
            file.Write("\n"u8);
        }

        return file.WrittenSpan.ToArray();
    }

    /// <summary>A full batch of the same lines, from one of them on.</summary>
    public static LogBatch Batch(int first = 0)
    {
        var batch = new LogBatch();
        for (var line = first; batch.TryAppend(TimeOf(line), Text(line), OutputStream.Unknown, LogOriginator.User, LineEnd.LineFeed); line++)
        {
        }

        return batch;
    }

    private static LogTimestamp TimeOf(int line) => new(Start + (line * 1_000_003L));

    private static byte[] Text(int line)
    {
        var text = new byte[TextLength];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (byte)(' ' + ((line + i) % 95));
        }

        return text;
    }
}
