using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What Flyte's own clients are built from, and what they send.</summary>
public sealed class FlyteClientTests(Rig rig) : IClassFixture<Rig>
{
    public static TheoryData<string, string> Transports => new MatrixTheoryData<string, string>(
        ["connect-binary", "connect-json", "web-binary", "web-json", "web-grpc-web", "grpc-web", "grpc"], ["DataProxyService", "RunLogsService"]);

    [Theory, MemberData(nameof(Transports))]
    public async Task Flytes_stubs_tail_a_run(string transport, string service)
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one ☺");
        pod.Container("main").Append("two");
        pod.Container("main").Terminate();

        var seen = await TailAsync(transport, service, run);

        Assert.Equal(["one ☺\n", "two\n"], seen.GetProperty("lines").EnumerateArray().Select(line => line.GetString()));
        Assert.False(seen.TryGetProperty("code", out _), $"{seen}");
    }

    [Theory, InlineData("connect-binary"), InlineData("connect-json"), InlineData("web-json"), InlineData("web-grpc-web"), InlineData("grpc-web"), InlineData("grpc")]
    public async Task Flytes_stubs_are_told_what_there_is_not(string transport)
    {
        var seen = await TailAsync(transport, "DataProxyService", "nosuchrun");

        Assert.Equal("NotFound", seen.GetProperty("code").GetString());
        Assert.Contains("acme/flytesnacks/development/nosuchrun/a0 attempt 1", seen.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("connect-binary"), InlineData("web-json"), InlineData("web-grpc-web"), InlineData("grpc-web"), InlineData("grpc")]
    public async Task A_client_that_leaves_ends_the_upstream(string transport)
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");

        var seen = await TailAsync(transport, "DataProxyService", run, lines: 1);

        Assert.Equal(1, seen.GetProperty("lines").GetArrayLength());
        await rig.Api.Streams.Single(stream => stream.Pod == pod).ClosedByClient.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_bytes_of_the_Python_SDK_are_answered()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append(new string('a', 5000));
        pod.Container("main").Terminate();
        var envelope = ConnectStream.Envelope(1, ConnectStream.Gzip(new TailLogsRequest { ActionId = Rig.Action(run), Attempt = 1 }.ToByteArray()));
        using var client = new TcpClient();
        await client.ConnectAsync(rig.Host.HttpAddress.Host, rig.Host.HttpAddress.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"""
            POST /flyteidl2.dataproxy.DataProxyService/TailLogs HTTP/1.1
            content-type: application/connect+proto
            connect-protocol-version: 1
            connect-accept-encoding: gzip
            connect-content-encoding: gzip
            user-agent: connectrpc/0.10.0
            x-request-id: 7f0f2a4e-6f1c-4a37-9c56-6a0a6f6a0001
            authorization: Bearer token
            accept: */*
            host: {rig.Host.HttpAddress.Authority}
            transfer-encoding: chunked

            {envelope.Length:x}

            """.ReplaceLineEndings("\r\n")), TestContext.Current.CancellationToken);
        await stream.WriteAsync(envelope, TestContext.Current.CancellationToken);
        await stream.WriteAsync("\r\n0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        var (head, body) = await ReadChunkedAsync(stream);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/connect+proto\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Connect-Content-Encoding: gzip\r\n", head, StringComparison.Ordinal);
        var (messages, end) = await ConnectStream.ReadAllAsync(body);
        Assert.Equal(new string('a', 5000) + "\n", messages.Select(TailLogsResponse.Parser.ParseFrom).SelectMany(response => response.Logs).SelectMany(logs => logs.Lines).Single().Message);
        Assert.False(end.TryGetProperty("error", out _), $"{end}");
    }

    [Fact]
    public async Task The_request_of_the_console_is_answered()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        using var request = new HttpRequestMessage(HttpMethod.Post, "flyteidl2.dataproxy.DataProxyService/TailLogs");
        request.Content = new ByteArrayContent(ConnectStream.Envelope(0, Encoding.UTF8.GetBytes(
            $$"""{"actionId":{"run":{"org":"acme","project":"flytesnacks","domain":"development","name":"{{run}}"},"name":"a0"},"attempt":1,"connectorEndpoint":"","allPods":true}""")));
        request.Content.Headers.ContentType = new("application/connect+json");
        request.Headers.TryAddWithoutValidation("connect-protocol-version", "1");

        using var response = await rig.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var (messages, end) = await ConnectStream.ReadAllAsync(body);
        var logs = messages.Select(message => JsonDocument.Parse(message).RootElement).Single(message => message.TryGetProperty("logs", out _)).GetProperty("logs")[0];
        Assert.Equal("one\n", logs.GetProperty("lines")[0].GetProperty("message").GetString());
        Assert.Equal((pod.Name, "main"), (logs.GetProperty("container").GetProperty("kubernetesPodName").GetString(), logs.GetProperty("container").GetProperty("kubernetesContainerName").GetString()));
        Assert.False(end.TryGetProperty("error", out _), $"{end}");
    }

    private Task<JsonElement> TailAsync(string transport, string service, string run, int lines = 0) => ClientProgram.NodeAsync("tail.mjs", new
    {
        transport,
        service,
        http1 = rig.Host.HttpAddress,
        http2 = rig.Host.GrpcAddress,
        request = new { actionId = new { run = new { org = "acme", project = "flytesnacks", domain = "development", name = run }, name = "a0" }, attempt = 1 },
        lines,
    });

    private static async Task<(string Head, Stream Body)> ReadChunkedAsync(Stream stream)
    {
        var reader = new StreamReader(stream, Encoding.Latin1);
        async Task<string> LineAsync() => await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30)) ?? "";
        var head = new StringBuilder();
        while (await LineAsync() is { Length: > 0 } line)
        {
            head.Append(line).Append("\r\n");
        }

        var body = new MemoryStream();
        while (Convert.ToInt32(await LineAsync(), 16) is > 0 and var size)
        {
            var chunk = new char[size];
            await reader.ReadBlockAsync(chunk, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            body.Write(Encoding.Latin1.GetBytes(chunk));
            await LineAsync();
        }

        body.Position = 0;
        return ($"{head}", body);
    }
}
