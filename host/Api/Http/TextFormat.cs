using System.Buffers;
using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Host.Api.Http;

/// <summary><c>text/plain</c>: the log as the container wrote it.</summary>
internal sealed class TextFormat(bool timestamps) : ILineFormat
{
    public const string MediaType = "text/plain";

    private bool _insideLine;

    public string ContentType => "text/plain; charset=utf-8";

    public ReadOnlySpan<byte> Heartbeat => [];

    public void WriteLine(IBufferWriter<byte> output, in LogEntry entry, ReadOnlySpan<byte> text, string backend)
    {
        if (timestamps && !_insideLine && !entry.Timestamp.IsNone)
        {
            entry.Timestamp.TryFormat(output.GetSpan(LogTimestamp.FormattedLength), out var written);
            output.Advance(written);
            output.Write(" "u8);
        }

        output.Write(text);
        if (entry.End == LineEnd.LineFeed)
        {
            output.Write("\n"u8);
        }

        _insideLine = entry.End == LineEnd.Continues;
    }

    public void WriteNotice(IBufferWriter<byte> output, LogNotice notice, LogTimestamp now) => Encoding.UTF8.GetBytes($"[runlogs] {notice.Message}\n", output);
}
