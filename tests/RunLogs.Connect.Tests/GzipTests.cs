using System.IO.Compression;
using System.Net;
using System.Text;
using Grpc.Core;

namespace RunLogs.Connect.Tests;

public sealed class GzipTests
{
    private static readonly string Long = new('a', 5000);

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_compressed_request_is_answered_compressed_when_the_client_reads_that(string http)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync(http, Requests.Body(Gzipped($$"""{"text":"{{Long}}"}"""), "application/json")
            .With("Content-Encoding", "gzip").With("Accept-Encoding", "br, gzip"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
        using var plain = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        Assert.Contains(Long, await plain.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip;q=0")]
    [InlineData("identity")]
    public async Task A_client_that_does_not_read_gzip_gets_none(string accepts)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Json($$"""{"text":"{{Long}}"}""").With("Accept-Encoding", accepts));

        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Equal(Long, (await response.JsonAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_client_that_says_nothing_reads_what_it_wrote()
    {
        await using var server = await ParrotServer.StartAsync();

        using var plain = await server.SendAsync("1.1", Requests.Json($$"""{"text":"{{Long}}"}"""));
        using var compressed = await server.SendAsync("1.1",
            Requests.Body(Gzipped($$"""{"text":"{{Long}}"}"""), "application/json").With("Content-Encoding", "gzip"));

        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(["gzip"], compressed.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task An_empty_body_is_not_decompressed()
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Body([], "application/proto").With("Content-Encoding", "gzip"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_not_gzip_is_refused()
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Json("{}").With("Content-Encoding", "gzip"));

        Assert.Equal((400, "invalid_argument", "The request is not the gzip that it says it is."), await response.ErrorAsync());
    }

    [Fact]
    public async Task A_gzip_body_that_was_cut_is_refused()
    {
        await using var server = await ParrotServer.StartAsync();
        var body = Gzipped("\n\u0001a\n\u0001b\n\u0001c");

        using var response = await server.SendAsync("1.1", Requests.Body(body[..^9], "application/proto").With("Content-Encoding", "gzip"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task An_answer_that_the_service_compressed_is_sent_plain()
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = async (_, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
            return new SayResponse { Text = Long };
        };

        using var response = await server.SendAsync("1.1", Requests.Json("{}"));

        Assert.Equal(Long, (await response.JsonAsync()).GetProperty("text").GetString());
    }

    private static byte[] Gzipped(string text)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return compressed.ToArray();
    }
}
