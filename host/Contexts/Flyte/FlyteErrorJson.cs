using System.Text.Json;

namespace RunLogs.Host.Contexts;

/// <summary>The body of a refused call over Connect.</summary>
internal static class FlyteErrorJson
{
    /// <summary>Its code, such as <c>not_found</c>; null when the body is none.</summary>
    public static string? CodeOf(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                && code.GetString() is { Length: > 0 and < 32 } name && name.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') ? name : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
