using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace RunLogs.Connect.Tests.Conformance;

/// <summary>A Connect client that lets nothing pass that the protocol does not say.</summary>
internal static class ConnectWire
{
    private static readonly string[] Codes =
    [
        "ok", "canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists", "permission_denied", "resource_exhausted",
        "failed_precondition", "aborted", "out_of_range", "unimplemented", "internal", "unavailable", "data_loss", "unauthenticated",
    ];

    public static async Task<Answer> CallAsync(HttpClient client, Call call)
    {
        using var request = call.IsStream ? Stream(client, call) : call.UseGet ? Get(client, call) : Unary(client, call);
        request.Headers.TryAddWithoutValidation("Connect-Protocol-Version", "1");
        if (call.TimeoutMs is { } timeout)
            request.Headers.TryAddWithoutValidation("Connect-Timeout-Ms", $"{timeout}");

        using var response = await client.SendAsync(request);
        return await ReadAsync(response, call);
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, Call call)
    {
        var answer = new Answer((int)response.StatusCode);
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            foreach (var value in values)
            {
                if (!call.IsStream && name.StartsWith("trailer-", StringComparison.OrdinalIgnoreCase))
                    answer.Trailers.Add(name["trailer-".Length..], value);
                else
                    answer.Headers.Add(name, value);
            }
        }

        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Empty(response.TrailingHeaders);
        var contentType = response.Content.Headers.ContentType?.ToString();
        if (call.IsStream && answer.HttpStatus == 200)
        {
            Assert.Equal($"application/connect+{call.Codec}", contentType);
            await ReadStreamAsync(response, new MemoryStream(body), call, answer);
        }
        else if (answer.HttpStatus == 200)
        {
            Assert.Equal($"application/{call.Codec}", contentType);
            answer.AddPayload(call.ParseResponse(PlainBody(response, body, call)));
        }
        else if (contentType == "application/json")
        {
            ReadError(JsonDocument.Parse(PlainBody(response, body, call)).RootElement, answer);
        }
        else
        {
            answer.Code = answer.HttpStatus is 404 ? StatusCode.Unimplemented : StatusCode.Unknown;
        }

        return answer;
    }

    private static HttpRequestMessage Unary(HttpClient client, Call call)
    {
        var request = call.ToRequest(client, HttpMethod.Post, call.Path, call.SentBody, $"application/{call.Codec}");
        if (call.Gzip)
        {
            request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        }

        return request;
    }

    private static HttpRequestMessage Get(HttpClient client, Call call)
    {
        var message = Convert.ToBase64String(call.SentBody).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return call.ToRequest(client, HttpMethod.Get,
            $"{call.Path}?connect=v1&encoding={call.Codec}&base64=1&message={message}{(call.Gzip ? "&compression=gzip" : "")}", null, null);
    }

    private static HttpRequestMessage Stream(HttpClient client, Call call)
    {
        var request = call.ToRequest(
            client, HttpMethod.Post, call.Path, Envelopes.Of((byte)(call.Gzip ? 1 : 0), call.SentBody), $"application/connect+{call.Codec}");
        if (call.Gzip)
        {
            request.Headers.TryAddWithoutValidation("Connect-Content-Encoding", "gzip");
            request.Headers.TryAddWithoutValidation("Connect-Accept-Encoding", "gzip");
        }

        return request;
    }

    private static byte[] PlainBody(HttpResponseMessage response, byte[] body, Call call)
    {
        if (response.Content.Headers.ContentEncoding.Count == 0)
            return body;

        Assert.True(call.Gzip);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        return Envelopes.Plain(body);
    }

    private static async Task ReadStreamAsync(HttpResponseMessage response, Stream body, Call call, Answer answer)
    {
        var mayBeGzip = response.Headers.NonValidated.TryGetValues("Connect-Content-Encoding", out var encoding);
        if (mayBeGzip)
            Assert.Equal((true, "gzip"), (call.Gzip, encoding.ToString()));

        while (await Envelopes.NextAsync(body) is var (flags, message))
        {
            Assert.True((flags & 1) == 0 || mayBeGzip);
            if ((flags & 1) != 0)
                message = Envelopes.Plain(message);
            if ((flags & ~1) == 0)
            {
                answer.AddPayload(call.ParseResponse(message));
                continue;
            }

            Assert.Equal(2, flags & ~1);
            Assert.Null(await Envelopes.NextAsync(body));
            ReadEnd(JsonDocument.Parse(message).RootElement, answer);
            return;
        }

        Assert.Fail("The stream has no end.");
    }

    private static void ReadEnd(JsonElement end, Answer answer)
    {
        HasOnly(end, "error", "metadata");
        if (end.TryGetProperty("metadata", out var metadata))
        {
            HasOnly(metadata, [.. metadata.EnumerateObject().Select(entry => entry.Name).Distinct()]);
            foreach (var entry in metadata.EnumerateObject())
            {
                Assert.Matches("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", entry.Name);
                foreach (var value in entry.Value.EnumerateArray())
                {
                    Assert.Matches(@"^[\t\x20-\x7e]*$", value.GetString());
                    answer.Trailers.Add(entry.Name, value.GetString());
                }
            }
        }

        if (end.TryGetProperty("error", out var error))
            ReadError(error, answer);
    }

    private static void ReadError(JsonElement error, Answer answer)
    {
        HasOnly(error, "code", "message", "details");
        var code = Array.IndexOf(Codes, error.GetProperty("code").GetString());
        Assert.InRange(code, 1, 16);
        answer.Code = (StatusCode)code;
        answer.Message = error.TryGetProperty("message", out var message) ? message.GetString()! : "";
        if (!error.TryGetProperty("details", out var details))
            return;

        foreach (var detail in details.EnumerateArray())
        {
            HasOnly(detail, "type", "value", "debug");
            var type = detail.GetProperty("type").GetString()!;
            Assert.Matches(@"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", type);
            answer.Details.Add(new Any { TypeUrl = $"type.googleapis.com/{type}", Value = ByteString.CopyFrom(Unpadded(detail.GetProperty("value").GetString()!)) });
        }
    }

    // None but these, and each once.
    private static void HasOnly(JsonElement json, params string[] names)
    {
        var seen = json.EnumerateObject().Select(property => property.Name).ToList();
        Assert.Subset(names.ToHashSet(), seen.ToHashSet());
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    internal static byte[] Unpadded(string base64)
    {
        Assert.DoesNotContain('=', base64);
        return Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
    }
}
