using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Compressed requests over gRPC and gRPC-Web, honest ones and bombs.</summary>
public sealed class CompressedRequestTests(Rig rig) : IClassFixture<Rig>
{
    private const byte Compressed = 1;

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc-web")]
    public async Task A_compressed_request_is_read(string contentType)
    {
        var (code, message) = await PutAsync(contentType, new PutLogContextRequest { Record = new LogContextRecord { Attempt = 7 } }.ToByteArray());

        Assert.Equal("3", code);
        Assert.Contains("action_id", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc-web")]
    public async Task A_bomb_is_refused_at_the_limit_of_messages(string contentType)
    {
        var (code, message) = await PutAsync(contentType, new byte[200 * 1024 * 1024]);

        Assert.Equal("8", code);
        Assert.Contains("larger than 4194304 bytes once it is decompressed", message, StringComparison.Ordinal);
    }

    private async Task<(string Code, string Message)> PutAsync(string contentType, byte[] plain)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(plain, TestContext.Current.CancellationToken);

        using var client = new HttpClient { BaseAddress = rig.Host.GrpcAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "runlogs.v1.LogContextService/PutLogContext")
        {
            Content = new ByteArrayContent(ConnectStream.Envelope(Compressed, packed.ToArray())) { Headers = { ContentType = new(contentType) } },
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "grpc-encoding", "gzip" }, { "TE", "trailers" } },
        };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var headers = response.Headers.Concat(response.TrailingHeaders).ToLookup(header => header.Key, header => header.Value.Single());
        return (headers["grpc-status"].Single(), Uri.UnescapeDataString(headers["grpc-message"].Single()));
    }
}
