using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Core;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Bytes that are no request: they get the right status and a sentence, and leaves nothing behind.</summary>
public sealed class BadInputTests(Rig rig) : IClassFixture<Rig>, IAsyncDisposable
{
    private const string Put = "/runlogs.v1.LogContextService/PutLogContext";

    /// <summary>After every test nothing is stored, and a good call works.</summary>
    public ValueTask DisposeAsync() => Contexts.AssertEmptyAndAliveAsync(rig);

    // Bytes of a request as they go over HTTP/2, each with the status that says whose fault it is.
    public static TheoryData<string, byte[], StatusCode> Frames => new()
    {
        { "no message", [], StatusCode.Internal },
        { "half a header", [0, 0, 0], StatusCode.Internal },
        { "less than its length", [0, 0, 0, 0, 9, 1], StatusCode.Internal },
        { "two messages", [.. Frame([]), .. Frame([])], StatusCode.Internal },
        { "no protobuf", Frame([0xff, 0xff, 0xff]), StatusCode.InvalidArgument },
        { "a field cut short", Frame([0x0a, 0xff]), StatusCode.InvalidArgument },
        { "a field number 0", Frame([0x00, 0x01]), StatusCode.InvalidArgument },
        { "an endless varint", Frame([0x10, .. Enumerable.Repeat((byte)0xff, 11)]), StatusCode.InvalidArgument },
        { "compressed without a compression", [1, .. Frame([1])[1..]], StatusCode.Internal },
        { "5 MB", Frame(new byte[5_000_000]), StatusCode.ResourceExhausted },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task Bytes_that_are_no_message_get_a_status_and_a_sentence_over_gRPC(string what, byte[] body, StatusCode expected)
    {
        foreach (var path in (string[])[Put, "/runlogs.v1.BackendService/ListBackends", "/flyteidl2.dataproxy.DataProxyService/TailLogs", "/flyteidl2.workflow.RunLogsService/TailLogs"])
        {
            using var response = await PostGrpcAsync(path, body);

            Assert.True((expected.ToString(), true) == (StatusOf(response), Sentence.IsOne(MessageOf(response))), $"{path} with {what}: {StatusOf(response)} {MessageOf(response)}");
        }
    }

    [Theory]
    [InlineData("/runlogs.v1.LogContextService/Nothing")]
    [InlineData("/runlogs.v1.Nothing/PutLogContext")]
    [InlineData("/nothing.at.All/Ever")]
    public async Task An_unknown_method_is_Unimplemented(string path)
    {
        using var grpc = await PostGrpcAsync(path, Frame([]));
        Assert.Equal("Unimplemented", StatusOf(grpc));
        Sentence.Check(MessageOf(grpc));

        var (status, code, message) = await PostConnectAsync(path, "{}");
        Assert.Equal((HttpStatusCode.NotFound, "unimplemented"), (status, code));
        Sentence.Check(message);
    }

    [Theory]
    [InlineData("", "invalid_argument")]
    [InlineData("{", "invalid_argument")]
    [InlineData("nonsense", "invalid_argument")]
    [InlineData("[]", "invalid_argument")]
    [InlineData("7", "invalid_argument")]
    [InlineData("""{"record":[]}""", "invalid_argument")]
    [InlineData("""{"record":{"attempt":"many"}}""", "invalid_argument")]
    [InlineData("""{"record":{"attempt":-1}}""", "invalid_argument")]
    [InlineData("""{"record":{"startTime":"yesterday"}}""", "invalid_argument")]
    [InlineData("""{"record":{}}{"record":{}}""", "invalid_argument")]
    [InlineData("""{"record":{"cluster":"\ud800"}}""", "invalid_argument")]
    public async Task JSON_that_is_no_message_is_told_over_Connect(string body, string expected)
    {
        var (status, code, message) = await PostConnectAsync(Put, body);

        Assert.Equal((HttpStatusCode.BadRequest, expected), (status, code));
        Sentence.Check(message);
    }

    [Fact]
    public async Task Deep_JSON_and_5_MB_of_it_are_refused_over_Connect()
    {
        var (_, deep, _) = await PostConnectAsync(Put, string.Concat(Enumerable.Repeat("""{"record":""", 100_000)));
        var (status, large, message) = await PostConnectAsync(Put, $$$"""{"record":{"cluster":"{{{new string('c', 5_000_000)}}}"}}""");

        Assert.Equal(("invalid_argument", "resource_exhausted", HttpStatusCode.TooManyRequests), (deep, large, status));
        Sentence.Check(message);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/connect+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    public async Task A_wrong_content_type_is_415_with_those_that_are_spoken(string contentType)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await rig.Host.Http.PostAsync(Put, content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("application/grpc, application/proto, application/json", string.Join(", ", response.Headers.GetValues("Accept-Post")));
    }

    [Fact]
    public async Task A_wrong_verb_is_405_with_the_right_one()
    {
        using var get = await rig.Host.Http.GetAsync(Put, TestContext.Current.CancellationToken);
        using var post = await rig.Host.Http.PostAsync("/logs/flytesnacks/development/r/a0/1", null, TestContext.Current.CancellationToken);
        using var head = await rig.Host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/logs/flytesnacks/development/r/a0/1"), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (get.StatusCode, Assert.Single(get.Content.Headers.Allow)));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET"), (post.StatusCode, Assert.Single(post.Content.Headers.Allow)));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET"), (head.StatusCode, Assert.Single(head.Content.Headers.Allow)));
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private async Task<HttpResponseMessage> PostGrpcAsync(string path, byte[] body)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(rig.Host.GrpcAddress, path)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string StatusOf(HttpResponseMessage response) => ((StatusCode)int.Parse(Header(response, "grpc-status"), System.Globalization.CultureInfo.InvariantCulture)).ToString();

    private static string MessageOf(HttpResponseMessage response) => Uri.UnescapeDataString(Header(response, "grpc-message"));

    private static string Header(HttpResponseMessage response, string name) =>
        (response.Headers.TryGetValues(name, out var values) || response.TrailingHeaders.TryGetValues(name, out values)) ? string.Concat(values) : "-1";

    private async Task<(HttpStatusCode Status, string Code, string Message)> PostConnectAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await rig.Host.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        return (response.StatusCode, error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!);
    }
}
