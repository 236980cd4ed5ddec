using System.Buffers;
using System.Text;
using Google.Cloud.Logging.V2;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Takes the text out of entries: the line itself, or what is left of one that the agent took for JSON.</summary>
/// <remarks>Its texts stay valid until the next entry.</remarks>
internal sealed class EntryDecoder(StackdriverSettings settings) : IDisposable
{
    private readonly StringBuilder _json = new();
    private byte[] _text = [];

    /// <summary>Whether any entry had lost its original line.</summary>
    public bool IsInexact { get; private set; }

    public static LogTimestamp TimeOf(LogEntry entry) => entry.Timestamp is { } time ? new(checked((time.Seconds * LogTimestamp.NanosecondsPerSecond) + time.Nanos)) : LogTimestamp.None;

    public static OutputStream StreamOf(LogEntry entry) => entry.LogName switch
    {
        var name when name.EndsWith("/logs/stdout", StringComparison.Ordinal) => OutputStream.Stdout,
        var name when name.EndsWith("/logs/stderr", StringComparison.Ordinal) => OutputStream.Stderr,
        _ => OutputStream.Unknown,
    };

    /// <summary>An entry's text, without the line feed that some agents keep at a line's end.</summary>
    public ReadOnlyMemory<byte> TextOf(LogEntry entry, bool isPart)
    {
        var text = RawTextOf(entry);
        return isPart || text.Span is not [.., (byte)'\n'] ? text : text.Span is [.., (byte)'\r', (byte)'\n'] ? text[..^2] : text[..^1];
    }

    public void Dispose()
    {
        if (_text.Length > 0)
            ArrayPool<byte>.Shared.Return(_text);

        _text = [];
    }

    private ReadOnlyMemory<byte> RawTextOf(LogEntry entry)
    {
        if (entry.PayloadCase == LogEntry.PayloadOneofCase.TextPayload)
            return Encode(entry.TextPayload);

        IsInexact = true;
        return entry.PayloadCase switch
        {
            LogEntry.PayloadOneofCase.JsonPayload when MessageOf(entry.JsonPayload) is { } message => Encode(message),
            LogEntry.PayloadOneofCase.JsonPayload => Encode(JsonOf(entry.JsonPayload)),
            LogEntry.PayloadOneofCase.ProtoPayload => Encode($"[{entry.ProtoPayload.TypeUrl}]"),
            _ => default,
        };
    }

    private string JsonOf(Struct payload)
    {
        _json.Clear();
        StructJson.Write(payload, _json);
        return _json.ToString();
    }

    private string? MessageOf(Struct payload)
    {
        foreach (var key in settings.WholeJson ? [] : settings.MessageKeys)
        {
            if (payload.Fields.TryGetValue(key, out var value) && value.KindCase == Value.KindOneofCase.StringValue)
                return value.StringValue;
        }

        return null;
    }

    private ReadOnlyMemory<byte> Encode(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_text.Length < most)
        {
            Dispose();
            _text = ArrayPool<byte>.Shared.Rent(most);
        }

        return _text.AsMemory(0, Encoding.UTF8.GetBytes(text, _text));
    }
}
