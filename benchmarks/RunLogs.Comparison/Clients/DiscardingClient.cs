using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RunLogs.Comparison.Rig;
using RunLogs.Protos.V1;

namespace RunLogs.Comparison.Clients;

/// <summary>A client over HTTP/2 that throws answers away as they come, but for their last bytes.</summary>
internal sealed class DiscardingClient(Uri host, int window = 16 * 1024 * 1024) : IDisposable
{
    /// <summary>As much as a client that never said how much it takes at once.</summary>
    public const int SmallestWindow = 64 * 1024;

    private const int BufferSize = 64 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { InitialHttp2StreamWindowSize = window }) { BaseAddress = host, Timeout = Timeout.InfiniteTimeSpan };

    public async Task TailAsync(WireProtocol protocol, ExpectedLog expected, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(protocol, expected.Pod, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);

        // What came last stands in the last two of three buffers, whole.
        var (last, before, received, length) = (new byte[BufferSize], new byte[BufferSize], 0L, 0);
        while ((length = await body.ReadAtLeastAsync(last, last.Length, throwOnEndOfStream: false, cancellationToken)) == last.Length)
        {
            received += length;
            (last, before) = (before, last);
        }

        received += length;
        byte[] end = [.. before, .. last.AsSpan(0, length)];
        expected.Check($"The client of {protocol}", ClosingOf(protocol, response, end), received);
    }

    /// <summary>Opens a tail of which nothing needs to be read.</summary>
    public async Task<HttpResponseMessage> OpenAsync(WireProtocol protocol, string pod, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, TailCall.Path)
        {
            Content = new ByteArrayContent(TailCall.Envelope(pod)),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(protocol switch
        {
            WireProtocol.Grpc => "application/grpc",
            WireProtocol.Connect => "application/connect+proto",
            _ => "application/grpc-web",
        });
        if (protocol == WireProtocol.Grpc)
        {
            request.Headers.TE.Add(new("trailers"));
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.IsSuccessStatusCode ? response : throw new InvalidOperationException($"{protocol}: {response} {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    public void Dispose() => _http.Dispose();

    private static Closing ClosingOf(WireProtocol protocol, HttpResponseMessage response, byte[] end) => protocol switch
    {
        WireProtocol.Grpc => TailCall.ClosingOf(response.TrailingHeaders.ToString()),
        WireProtocol.GrpcWeb => TailCall.ClosingOf(LastMessage(end, flag: 0x80)),
        _ => TailCall.ClosingOfBase64(
            JsonDocument.Parse(LastMessage(end, flag: 0x02)).RootElement.GetProperty("metadata").GetProperty("runlogs-closing-bin")[0].GetString()!),
    };

    // The last message is the one whose length leads to the very end.
    private static string LastMessage(byte[] end, byte flag)
    {
        for (var i = end.Length - 5; i >= 0; i--)
        {
            if (end[i] == flag && BinaryPrimitives.ReadUInt32BigEndian(end.AsSpan(i + 1)) == end.Length - i - 5)
            {
                return Encoding.UTF8.GetString(end, i + 5, end.Length - i - 5);
            }
        }

        throw new WrongBytesException("The host ended a tail without a last message.");
    }
}
