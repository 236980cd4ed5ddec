using System.Collections.Specialized;
using System.Text;
using Grpc.Core;

namespace RunLogs.Connect.Tests.Conformance;

/// <summary>A gRPC and gRPC-Web client that lets nothing pass that the protocols do not say.</summary>
internal static class GrpcWire
{
    public static async Task<Answer> CallAsync(HttpClient client, Call call, bool web)
    {
        using var request = call.ToRequest(client, HttpMethod.Post, call.Path, Envelopes.Of((byte)(call.Gzip ? 1 : 0), call.SentBody), web ? "application/grpc-web+proto" : "application/grpc+proto");
        if (!web)
            request.Headers.TryAddWithoutValidation("TE", "trailers");
        if (call.Gzip)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
            request.Headers.TryAddWithoutValidation("grpc-accept-encoding", "gzip");
        }

        if (call.TimeoutMs is { } timeout)
            request.Headers.TryAddWithoutValidation("grpc-timeout", $"{timeout}m");

        using var response = await client.SendAsync(request);
        return await ReadAsync(response, call, web);
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, Call call, bool web)
    {
        var answer = new Answer((int)response.StatusCode);
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            foreach (var value in values)
                answer.Headers.Add(name, value);
        }

        var body = new MemoryStream(await response.Content.ReadAsByteArrayAsync());
        if (response.Content.Headers.ContentType?.MediaType?.StartsWith(web ? "application/grpc-web" : "application/grpc", StringComparison.Ordinal) != true)
        {
            // What HTTP says is all there is.
            answer.Code = answer.HttpStatus is 404 ? StatusCode.Unimplemented : StatusCode.Unknown;
            return answer;
        }

        Assert.Equal(200, answer.HttpStatus);
        var hasTrailerBlock = false;
        while (await Envelopes.NextAsync(body) is var (flags, message))
        {
            Assert.False(hasTrailerBlock);
            if (web && flags == 0x80)
            {
                hasTrailerBlock = true;
                ReadTrailerBlock(message, answer.Trailers);
                continue;
            }

            Assert.True(flags == 0 || (flags == 1 && call.Gzip && answer.Headers["grpc-encoding"] == "gzip"));
            answer.AddPayload(call.ParseResponse(flags == 1 ? Envelopes.Plain(message) : message));
        }

        if (web)
            Assert.Empty(response.TrailingHeaders);
        foreach (var (name, values) in response.TrailingHeaders.NonValidated)
        {
            foreach (var value in values)
                answer.Trailers.Add(name, value);
        }

        ReadStatus(answer.Trailers["grpc-status"] is null ? answer.Headers : answer.Trailers, answer);
        return answer;
    }

    private static void ReadTrailerBlock(byte[] block, NameValueCollection trailers)
    {
        var text = Encoding.ASCII.GetString(block);
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        foreach (var line in text[..^2].Split("\r\n"))
        {
            Assert.Matches(@"^[!#$%&'*+.^_`|~0-9a-z-]+: ?[\t\x20-\x7e]*$", line);
            trailers.Add(line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].TrimStart());
        }
    }

    private static void ReadStatus(NameValueCollection trailers, Answer answer)
    {
        var code = Assert.Single(trailers.GetValues("grpc-status") ?? []);
        answer.Code = (StatusCode)int.Parse(code);
        Assert.InRange((int)answer.Code, 0, 16);
        if (trailers.GetValues("grpc-message") is { } messages)
        {
            Assert.DoesNotContain(Assert.Single(messages), one => one is < ' ' or > '~');
            answer.Message = Uri.UnescapeDataString(messages[0]);
            Assert.True(answer.Code != StatusCode.OK || answer.Message == "");
        }

        if (trailers.GetValues("grpc-status-details-bin") is { } details)
        {
            var status = Google.Rpc.Status.Parser.ParseFrom(ConnectWire.Unpadded(Assert.Single(details)));
            Assert.Equal(((int)answer.Code, answer.Message), (status.Code, status.Message));
            answer.Details.AddRange(status.Details);
        }
    }
}
