using System.Buffers;
using System.Globalization;
using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>Writes lines as containerd does: CRI format, parts of 16 KiB, no carriage return before a line feed.</summary>
public static class CriLog
{
    public const int PartBytes = 16 * 1024;

    public static byte[] Encode(params IEnumerable<WrittenLine> lines)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var line in lines)
            Encode(line, output);

        return output.WrittenSpan.ToArray();
    }

    private static void Encode(WrittenLine line, ArrayBufferWriter<byte> output)
    {
        var text = line.Text.Span;
        if (line.NewLine && text is [.., (byte)'\r'])
            text = text[..^1];

        var part = 0;
        do
        {
            var length = Math.Min(text.Length, PartBytes);
            var tag = text.Length > PartBytes || !line.NewLine ? 'P' : 'F';
            // Each part has the time it was read at.
            var time = new LogTimestamp(line.Timestamp.UnixNanoseconds + (part++ * 1_003L));
            var stream = line.Stream == OutputStream.Stderr ? "stderr" : "stdout";
            output.Write(Encoding.ASCII.GetBytes($"{RuntimeTime(time)} {stream} {tag} "));
            output.Write(text[..length]);
            output.Write("\n"u8);
            text = text[length..];
        }
        while (text.Length > 0);
    }

    // The runtime drops the fraction's trailing zeros.
    private static string RuntimeTime(LogTimestamp time)
    {
        var fraction = time.NanosecondOfSecond.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return time.ToString()[..19] + (fraction.Length > 0 ? "." + fraction : "") + "Z";
    }
}
