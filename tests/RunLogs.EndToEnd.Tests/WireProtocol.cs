using System.Net;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A way to call a method, written by hand over plain HTTP.</summary>
/// <param name="Name">The protocol, the codec and the version of HTTP.</param>
internal sealed record WireProtocol(string Name)
{
    private const byte WebTrailers = 0x80;
    private const byte ConnectEnd = 2;

    public static IReadOnlyList<string> All { get; } =
    [
        "gRPC over HTTP/2", "gRPC-Web over HTTP/1.1", "gRPC-Web over HTTP/2",
        "Connect in proto over HTTP/1.1", "Connect in proto over HTTP/2", "Connect in json over HTTP/1.1", "Connect in json over HTTP/2",
    ];

    private bool IsHttp2 => Name.EndsWith("HTTP/2", StringComparison.Ordinal);

    private bool IsConnect => Name.StartsWith("Connect", StringComparison.Ordinal);

    private bool IsJson => Name.Contains("json", StringComparison.Ordinal);

    private string Codec => IsJson ? "json" : "proto";

    /// <summary>Calls a method and returns its first answer that is not empty, a heartbeat; of a stream no more is read.</summary>
    public async Task<IMessage> CallAsync(HostProcess host, MethodDescriptor method, IMessage message)
    {
        var plain = IsJson ? Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message)) : message.ToByteArray();
        var (contentType, body) = (IsConnect, method.IsServerStreaming) switch
        {
            (true, false) => ($"application/{Codec}", plain),
            (true, true) => ($"application/connect+{Codec}", ConnectStream.Envelope(0, plain)),
            _ => (Name.StartsWith("gRPC-Web", StringComparison.Ordinal) ? "application/grpc-web+proto" : "application/grpc", ConnectStream.Envelope(0, plain)),
        };
        return await SendAsync(host, HttpMethod.Post, PathOf(method), new ByteArrayContent(body) { Headers = { ContentType = new(contentType) } }, method, contentType);
    }

    /// <summary>Calls a method without side effects by GET.</summary>
    public async Task<IMessage> GetAsync(HostProcess host, MethodDescriptor method, IMessage message)
    {
        var query = IsJson
            ? $"encoding=json&message={Uri.EscapeDataString(JsonFormatter.Default.Format(message))}"
            : $"encoding=proto&base64=1&message={Convert.ToBase64String(message.ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";
        return await SendAsync(host, HttpMethod.Get, $"{PathOf(method)}?connect=v1&{query}", content: null, method, $"application/{Codec}");
    }

    private static string PathOf(MethodDescriptor method) => $"{method.Service.FullName}/{method.Name}";

    private async Task<IMessage> SendAsync(HostProcess host, HttpMethod verb, string path, HttpContent? content, MethodDescriptor method, string contentType)
    {
        using var client = new HttpClient { BaseAddress = IsHttp2 ? host.GrpcAddress : host.HttpAddress };
        using var request = new HttpRequestMessage(verb, path)
        {
            Content = content,
            Version = IsHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return await ReadAsync(response, method, contentType);
    }

    private async Task<IMessage> ReadAsync(HttpResponseMessage response, MethodDescriptor method, string contentType)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType.Replace("grpc-web+proto", "grpc-web", StringComparison.Ordinal), response.Content.Headers.ContentType?.MediaType);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        if (IsConnect && !method.IsServerStreaming)
        {
            var whole = new MemoryStream();
            await body.CopyToAsync(whole, TestContext.Current.CancellationToken);
            return Parse(method, whole.ToArray());
        }

        while (true)
        {
            var (flags, message) = await ConnectStream.NextAsync(body);
            Assert.True(flags is not (WebTrailers or ConnectEnd), $"No answer came before {Encoding.UTF8.GetString(message)}.");
            if (Parse(method, message) is var answer && (answer.CalculateSize() > 0 || !method.IsServerStreaming))
            {
                return answer;
            }
        }
    }

    private IMessage Parse(MethodDescriptor method, byte[] message) =>
        IsJson ? JsonParser.Default.Parse(Encoding.UTF8.GetString(message), method.OutputType) : method.OutputType.Parser.ParseFrom(message);
}
