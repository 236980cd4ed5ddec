using System.Diagnostics.CodeAnalysis;
using Microsoft.Net.Http.Headers;

namespace RunLogs.Connect;

/// <summary>A content type of the Connect protocol: its codec, and whether the body is one message or a stream of them.</summary>
internal readonly record struct ConnectContentType(string Codec, bool IsStream)
{
    public const string Proto = "proto";
    public const string Json = "json";

    public override string ToString() => IsStream ? $"application/connect+{Codec}" : $"application/{Codec}";

    public static bool TryParse(string? value, [NotNullWhen(true)] out ConnectContentType? contentType)
    {
        contentType = null;
        if (!MediaTypeHeaderValue.TryParse(value, out var type))
            return false;

        ConnectContentType? known = type.MediaType.ToString().ToLowerInvariant() switch
        {
            "application/proto" => new(Proto, IsStream: false),
            "application/json" => new(Json, IsStream: false),
            "application/connect+proto" => new(Proto, IsStream: true),
            "application/connect+json" => new(Json, IsStream: true),
            _ => null,
        };

        // Protobuf's JSON is UTF-8 only.
        if (known is { Codec: Json } && type.Charset.HasValue
            && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            known = null;

        contentType = known;
        return known is not null;
    }
}
