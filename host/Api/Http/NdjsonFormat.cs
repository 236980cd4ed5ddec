using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using RunLogs.Abstractions;

namespace RunLogs.Host.Api.Http;

/// <summary><c>application/x-ndjson</c>: one JSON object a line.</summary>
internal sealed class NdjsonFormat : ILineFormat, IDisposable
{
    public const string MediaType = "application/x-ndjson";

    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");
    private static readonly JsonEncodedText Partial = JsonEncodedText.Encode("partial");
    private static readonly JsonEncodedText Container = JsonEncodedText.Encode("container");
    private static readonly JsonEncodedText Pod = JsonEncodedText.Encode("pod");
    private static readonly JsonEncodedText Backend = JsonEncodedText.Encode("backend");
    private static readonly JsonEncodedText Notice = JsonEncodedText.Encode("notice");
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");

    private readonly Utf8JsonWriter _json = new(new ArrayBufferWriter<byte>(), new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    private readonly JsonEncodedText _pod;
    private readonly JsonEncodedText _container;

    public NdjsonFormat(TailRequest request)
    {
        _pod = JsonEncodedText.Encode(request.Pod);
        _container = JsonEncodedText.Encode(request.Container);
    }

    public string ContentType => MediaType;

    public ReadOnlySpan<byte> Heartbeat => [];

    public void WriteLine(IBufferWriter<byte> output, in LogEntry entry, ReadOnlySpan<byte> text, string backend)
    {
        Begin(output, entry.Timestamp);
        _json.WriteString(Message, text);
        if (entry.End == LineEnd.Continues)
        {
            _json.WriteBoolean(Partial, true);
        }

        _json.WriteString(Container, _container);
        _json.WriteString(Pod, _pod);
        _json.WriteString(Backend, backend);
        End(output);
    }

    public void WriteNotice(IBufferWriter<byte> output, LogNotice notice, LogTimestamp now)
    {
        Begin(output, now);
        _json.WriteString(Notice, notice.Message);
        _json.WriteString(Kind, NoticeKinds.NameOf(notice.Kind));
        End(output);
    }

    public void Dispose() => _json.Dispose();

    private void Begin(IBufferWriter<byte> output, LogTimestamp timestamp)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        if (!timestamp.IsNone)
        {
            Span<byte> text = stackalloc byte[LogTimestamp.FormattedLength];
            timestamp.TryFormat(text, out _);
            _json.WriteString(Timestamp, text);
        }
    }

    private void End(IBufferWriter<byte> output)
    {
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n"u8);
    }
}
