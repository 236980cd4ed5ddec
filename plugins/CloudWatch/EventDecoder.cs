using System.Buffers;
using System.Text;
using System.Text.Json;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Takes events out of the envelope that the agent put around them; what is no envelope of this container is text as it is.</summary>
/// <remarks>Its texts stay valid until the next event.</remarks>
internal sealed class EventDecoder(TailRequest request, IReadOnlyList<string> messageKeys, bool isShared) : IDisposable
{
    private readonly byte[][] _keys = [.. messageKeys.Select(Encoding.UTF8.GetBytes)];
    private readonly byte[] _pod = Encoding.UTF8.GetBytes(request.Pod);
    private readonly byte[] _namespace = Encoding.UTF8.GetBytes(request.Namespace);
    private readonly byte[] _container = Encoding.UTF8.GetBytes(request.Container);
    private byte[] _message = [];
    private byte[] _text = [];

    /// <summary>Whether any event had lost its original line: only what an agent made of it was left.</summary>
    public bool IsInexact { get; private set; }

    /// <summary>What an event holds; null when it is another container's.</summary>
    public ContainerEvent? Decode(long timestamp, string message)
    {
        var time = new LogTimestamp(timestamp * 1_000_000);
        Reserve(ref _message, Encoding.UTF8.GetMaxByteCount(message.Length));
        var raw = _message.AsMemory(0, Encoding.UTF8.GetBytes(message, _message));
        if (raw.Span is not [(byte)'{', ..] || Envelope.TryParse(raw.Span, _keys) is not { } envelope)
            return Whole(time, raw);

        if (envelope.HasKubernetes && !(Is(raw, envelope.Pod, _pod) && Is(raw, envelope.Namespace, _namespace) && Is(raw, envelope.Container, _container)))
            return isShared ? null : Whole(time, raw);

        if (!envelope.HasKubernetes && !envelope.IsFromRuntime)
            return Whole(time, raw);

        var podUid = TextOf(raw, envelope.PodUid);
        if (podUid is not null && !string.IsNullOrEmpty(request.PodUid) && podUid != request.PodUid)
            return null;

        IsInexact |= !envelope.HasOriginalText;
        var text = envelope.Text is { } value ? Unescape(raw, value) : raw;
        var stamp = envelope.Time is { } at && LogTimestamp.TryParse(raw.Span[at], out var exact) ? exact : time;
        var decoded = new ContainerEvent(stamp, envelope.Stream, envelope.IsPart, text, podUid, TextOf(raw, envelope.Node), TextOf(raw, envelope.ContainerId));
        return envelope.IsParsed ? decoded.WithoutLineFeed() : UnparsedCri(decoded).WithoutLineFeed();
    }

    public void Dispose()
    {
        Return(_message);
        Return(_text);
        (_message, _text) = ([], []);
    }

    private static ContainerEvent Whole(LogTimestamp time, ReadOnlyMemory<byte> raw) =>
        new ContainerEvent(time, OutputStream.Unknown, false, raw, null, null, null).WithoutLineFeed();

    // An agent without the parser for it passes the runtime's own form on: "<time> stdout F text".
    private static ContainerEvent UnparsedCri(ContainerEvent decoded)
    {
        var text = decoded.Text.Span;
        var space = text.IndexOf((byte)' ');
        if (space < 0 || !LogTimestamp.TryParse(text[..space], out var time))
            return decoded;

        var rest = text[(space + 1)..];
        var stream = rest.StartsWith("stdout "u8) ? OutputStream.Stdout : rest.StartsWith("stderr "u8) ? OutputStream.Stderr : OutputStream.Unknown;
        return stream != OutputStream.Unknown && rest["stdout ".Length..] is [(byte)'F' or (byte)'P', (byte)' ', ..]
            ? decoded with { Time = time, Stream = stream, IsPart = rest["stdout ".Length] == (byte)'P', Text = decoded.Text[(space + 1 + "stdout F ".Length)..] }
            : decoded;
    }

    private ReadOnlyMemory<byte> Unescape(ReadOnlyMemory<byte> raw, Range value)
    {
        var escaped = raw[value];
        if (escaped.Span.IndexOf((byte)'\\') < 0 || raw.Span[value.Start.Value - 1] != (byte)'"')
            return escaped;

        // The reader checks pairs of surrogates; the slow way replaces half ones.
        Reserve(ref _text, escaped.Length);
        var reader = new Utf8JsonReader(raw.Span[(value.Start.Value - 1)..(value.End.Value + 1)]);
        reader.Read();
        try
        {
            return _text.AsMemory(0, reader.CopyString(_text));
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetBytes(LenientText.Unescape(escaped.Span));
        }
    }

    private static bool Is(ReadOnlyMemory<byte> raw, Range? value, ReadOnlySpan<byte> expected) => value is { } range && raw.Span[range].SequenceEqual(expected);

    private static string? TextOf(ReadOnlyMemory<byte> raw, Range? value) => value is { } range && !raw[range].IsEmpty ? Encoding.UTF8.GetString(raw.Span[range]) : null;

    private static void Reserve(ref byte[] array, int length)
    {
        if (array.Length >= length)
            return;

        Return(array);
        array = ArrayPool<byte>.Shared.Rent(length);
    }

    private static void Return(byte[] array)
    {
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
    }
}
