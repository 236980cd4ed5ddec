using System.Text.Json;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Reads what the service, or whatever answers in its place, says about a call that failed.</summary>
internal static class ServiceError
{
    private const int LongestMessage = 1000;

    public static async Task<AmazonCloudWatchLogsException> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var (type, message) = Parse(body);
        var header = response.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? types.FirstOrDefault() : null;
        return new AmazonCloudWatchLogsException(CodeOf(header ?? type), message, (int)response.StatusCode)
        {
            RequestId = response.Headers.TryGetValues("x-amzn-RequestId", out var ids) ? ids.FirstOrDefault() : null,
        };
    }

    /// <summary>Whether a wrong clock of ours can be the cause.</summary>
    public static bool MayBeSkew(AmazonCloudWatchLogsException failure) => failure.ErrorCode is
        "InvalidSignatureException" or "SignatureDoesNotMatch" or "RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture" or "AuthFailure";

    // "com.amazonaws.logs#Code", and in the header "Code:http://...".
    private static string CodeOf(string? type)
    {
        var text = type.AsSpan();
        var colon = text.IndexOf(':');
        text = colon >= 0 ? text[..colon] : text;
        return text[(text.LastIndexOf('#') + 1)..].Trim().ToString();
    }

    private static (string? Type, string Message) Parse(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            return root.ValueKind == JsonValueKind.Object ? (Text(root, "__type") ?? Text(root, "code"), Text(root, "message") ?? Text(root, "Message") ?? "") : (null, "");
        }
        catch (JsonException)
        {
            // A proxy's page, or the XML that some stand-ins of the service answer with.
            var text = System.Text.Encoding.UTF8.GetString(body);
            return (Element(text, "Code"), Element(text, "Message") ?? "");
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Cut(value.GetString()!) : null;

    private static string? Element(string xml, string name)
    {
        var start = xml.IndexOf($"<{name}>", StringComparison.Ordinal);
        var end = start < 0 ? -1 : xml.IndexOf($"</{name}>", start, StringComparison.Ordinal);
        return end < 0 ? null : Cut(xml[(start + name.Length + 2)..end]);
    }

    private static string Cut(string text) => text.Length > LongestMessage ? text[..LongestMessage] : text;
}
