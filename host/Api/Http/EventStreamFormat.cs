using System.Buffers;
using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Host.Api.Http;

/// <summary><c>text/event-stream</c>: one server-sent event a line, for browsers.</summary>
/// <param name="cursor">The cursor after the line being written, by which a client that reconnects goes on behind it; null for none.</param>
internal sealed class EventStreamFormat(Func<string?> cursor) : ILineFormat
{
    public const string MediaType = "text/event-stream";

    public string ContentType => MediaType;

    public ReadOnlySpan<byte> Heartbeat => ":\n\n"u8;

    public void WriteLine(IBufferWriter<byte> output, in LogEntry entry, ReadOnlySpan<byte> text, string backend)
    {
        if (cursor() is { } id)
        {
            output.Write("id: "u8);
            Encoding.ASCII.GetBytes(id, output);
            output.Write("\n"u8);
        }

        WriteData(output, text);
    }

    public void WriteNotice(IBufferWriter<byte> output, LogNotice notice, LogTimestamp now)
    {
        output.Write("event: notice\n"u8);
        WriteData(output, Encoding.UTF8.GetBytes(notice.Message));
    }

    // A carriage return would end the field: each piece between them is a data field of its own, which the client joins.
    private static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        foreach (var piece in text.SplitAny("\r\n"u8))
        {
            output.Write("data: "u8);
            output.Write(text[piece]);
            output.Write("\n"u8);
        }

        output.Write("\n"u8);
    }
}
