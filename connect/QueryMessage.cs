using System.Net;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Connect;

/// <summary>The message of a GET, in the query of its address.</summary>
internal readonly record struct QueryMessage(ReadOnlyMemory<byte> Bytes, bool IsGzip)
{
    public static QueryMessage Read(HttpRequest request)
    {
        var query = request.Query;
        if (query.TryGetValue("connect", out var version) && version != "v1")
            throw Refused($"The query parameter connect must be v1, or absent; it is \"{version}\".");
        if (RawMessage(request.QueryString) is not { } raw)
            throw Refused("The query parameter message is missing; an empty message is message=.");

        var isGzip = Gzip.IsNamed("The compression", query["compression"]);
        var bytes = WebUtility.UrlDecodeToBytes(Encoding.UTF8.GetBytes(raw), 0, Encoding.UTF8.GetByteCount(raw));
        return new QueryMessage(query["base64"] == "1" ? FromBase64(Encoding.UTF8.GetString(bytes)) : bytes, isGzip);
    }

    // Not the parsed parameter: percent-encoded Protobuf is not text.
    private static string? RawMessage(QueryString query)
    {
        const string Name = "message=";
        return query.Value?.TrimStart('?').Split('&').FirstOrDefault(pair => pair.StartsWith(Name, StringComparison.Ordinal))?[Name.Length..];
    }

    private static byte[] FromBase64(string text)
    {
        var standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        try
        {
            return Convert.FromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            throw Refused("The query parameter message is not base64, as base64=1 says it is.");
        }
    }

    private static RpcException Refused(string sentence) => new(new Status(StatusCode.InvalidArgument, sentence));
}
