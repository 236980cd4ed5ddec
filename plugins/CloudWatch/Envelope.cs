using System.Text.Json;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Where the parts of an agent's JSON stand in it.</summary>
internal sealed class Envelope
{
    private int _keyOfText = int.MaxValue;

    /// <summary>Where the text stands; null when the agent kept none.</summary>
    public Range? Text { get; private set; }
    public Range? Time { get; private set; }
    public Range? Pod { get; private set; }
    public Range? Namespace { get; private set; }
    public Range? Container { get; private set; }
    public Range? PodUid { get; private set; }
    public Range? Node { get; private set; }
    public Range? ContainerId { get; private set; }
    public OutputStream Stream { get; private set; }
    public bool IsPart { get; private set; }
    public bool HasKubernetes { get; private set; }

    /// <summary>Whether the text is the line as it was, and not what the agent made of it.</summary>
    public bool HasOriginalText { get; private set; }

    private bool HasFlag { get; set; }

    /// <summary>Whether the agent took the runtime's own form apart.</summary>
    public bool IsParsed => Stream != OutputStream.Unknown || HasFlag || Time is not null;

    /// <summary>Whether it has all that an agent without Kubernetes' names writes, and an application hardly ever.</summary>
    public bool IsFromRuntime => Stream != OutputStream.Unknown && (Time is not null || HasFlag) && Text is not null;

    /// <summary>Null for what is no JSON object.</summary>
    public static Envelope? TryParse(ReadOnlySpan<byte> json, byte[][] messageKeys)
    {
        var envelope = new Envelope();
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                envelope.Take(ref reader, messageKeys);

            // What follows the object makes it no object.
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read() ? envelope : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Take(ref Utf8JsonReader reader, byte[][] messageKeys)
    {
        var key = 0;
        while (key < messageKeys.Length && !reader.ValueTextEquals(messageKeys[key]))
            key++;

        var isStream = reader.ValueTextEquals("stream"u8);
        var isFlag = reader.ValueTextEquals("_p"u8) || reader.ValueTextEquals("logtag"u8);
        var isTime = reader.ValueTextEquals("time"u8);
        var isKubernetes = reader.ValueTextEquals("kubernetes"u8);
        var isDocker = reader.ValueTextEquals("docker"u8);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject && (isKubernetes || isDocker))
        {
            TakeNames(ref reader, isKubernetes);
            return;
        }

        var value = SkipValue(ref reader);
        var isText = reader.TokenType == JsonTokenType.String;
        if (key < messageKeys.Length && key < _keyOfText && (isText || reader.TokenType == JsonTokenType.EndObject))
            (_keyOfText, Text, HasOriginalText) = (key, value, isText);

        if (!isText)
            return;

        if (isStream)
            Stream = reader.ValueTextEquals("stdout"u8) ? OutputStream.Stdout : reader.ValueTextEquals("stderr"u8) ? OutputStream.Stderr : OutputStream.Unknown;
        else if (isFlag)
            (HasFlag, IsPart) = (true, reader.ValueTextEquals("P"u8));
        else if (isTime)
            Time = value;
    }

    private void TakeNames(ref Utf8JsonReader reader, bool isKubernetes)
    {
        HasKubernetes |= isKubernetes;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            var value = SkipValue(ref reader);
            if (reader.TokenType != JsonTokenType.String)
                continue;

            if (name.SequenceEqual("pod_name"u8))
                Pod = value;
            else if (name.SequenceEqual("namespace_name"u8))
                Namespace = value;
            else if (name.SequenceEqual("container_name"u8))
                Container = value;
            else if (name.SequenceEqual("pod_id"u8))
                PodUid = value;
            else if (name.SequenceEqual("host"u8))
                Node = value;
            else if (name.SequenceEqual("docker_id"u8) || name.SequenceEqual("container_id"u8))
                ContainerId = value;
        }
    }

    // The inside of a string, or the whole of any other value.
    private static Range SkipValue(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var end = (int)reader.BytesConsumed;
        return reader.TokenType == JsonTokenType.String ? (start + 1)..(end - 1) : start..end;
    }
}
