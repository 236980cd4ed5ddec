using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using RunLogs.Protos.Flyte.Cluster;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What the Python SDK and the console send, byte for byte.</summary>
public sealed class FlyteReplayTests(BrowserRig browser) : IClassFixture<BrowserRig>
{
    private const string SdkHeaders =
        """
        user-agent: connectrpc/0.10.0
        x-request-id: 7f0f2a4e-6f1c-4a37-9c56-6a0a6f6a0001
        authorization: Bearer token
        accept: */*
        """;

    private static readonly string ConsoleHeaders =
        $"""
        Connection: keep-alive
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
        connect-protocol-version: 1
        Accept: */*
        Origin: {BrowserRig.Origin}
        Referer: {BrowserRig.Origin}/
        Cookie: flyte_idt=token
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-US,en;q=0.9
        """;

    private Rig Rig => browser.Rig;

    private Uri Address => Rig.Host.HttpAddress;

    [Fact]
    public async Task The_Python_SDK_is_sent_to_where_it_asked()
    {
        var request = new SelectClusterRequest { ActionId = Rig.Action("run"), Operation = SelectClusterRequest.Types.Operation.TailLogs };

        var (head, body) = await RawHttp.AskAsync(
            Address,
            $"""
            POST /flyteidl2.cluster.ClusterService/SelectCluster HTTP/1.1
            content-type: application/proto
            connect-protocol-version: 1
            content-encoding: gzip
            accept-encoding: gzip
            {SdkHeaders}
            host: {Address.Authority}
            """,
            ConnectStream.Gzip(request.ToByteArray()),
            isChunked: false);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.Equal($"http://{Address.Authority}", SelectClusterResponse.Parser.ParseFrom(Plain(head, body)).ClusterEndpoint);
    }

    [Fact]
    public async Task The_Python_SDK_tails_with_a_compressed_request_envelope()
    {
        var (run, pod) = await Rig.AddRunAsync();
        pod.Container("main").Append(new string('a', 5000));
        pod.Container("main").Terminate();

        var (head, body) = await RawHttp.AskAsync(
            Address,
            $"""
            POST /flyteidl2.dataproxy.DataProxyService/TailLogs HTTP/1.1
            content-type: application/connect+proto
            connect-protocol-version: 1
            connect-accept-encoding: gzip
            connect-content-encoding: gzip
            {SdkHeaders}
            host: {Address.Authority}
            """,
            ConnectStream.Envelope(1, ConnectStream.Gzip(new TailLogsRequest { ActionId = Rig.Action(run), Attempt = 1 }.ToByteArray())),
            isChunked: true);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/connect+proto\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Connect-Content-Encoding: gzip\r\n", head, StringComparison.Ordinal);
        var (messages, end) = await ConnectStream.ReadAllAsync(new MemoryStream(body));
        Assert.Equal(new string('a', 5000) + "\n", messages.Select(TailLogsResponse.Parser.ParseFrom).SelectMany(response => response.Logs).SelectMany(logs => logs.Lines).Single().Message);
        Assert.False(end.TryGetProperty("error", out _), $"{end}");
    }

    [Fact]
    public async Task The_console_is_told_an_absolute_address_and_may_read_it()
    {
        var (head, body) = await RawHttp.AskAsync(
            Address,
            $"""
            POST /flyteidl2.cluster.ClusterService/SelectCluster HTTP/1.1
            Host: {Address.Authority}
            content-type: application/json
            {ConsoleHeaders}
            """,
            Encoding.UTF8.GetBytes("""{"actionAttemptId":{"actionId":{"run":{"org":"acme","project":"flytesnacks","domain":"development","name":"r"},"name":"a0"},"attempt":1},"operation":"OPERATION_TAIL_LOGS"}"""),
            isChunked: false);

        MayBeRead(head);
        Assert.Equal($"http://{Address.Authority}", JsonDocument.Parse(Plain(head, body)).RootElement.GetProperty("clusterEndpoint").GetString());
    }

    [Fact]
    public async Task The_console_tails_all_pods_with_an_empty_connector()
    {
        var (run, pod) = await Rig.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        var message = $$"""{"actionId":{"run":{"org":"acme","project":"flytesnacks","domain":"development","name":"{{run}}"},"name":"a0"},"attempt":1,"connectorEndpoint":"","allPods":true}""";

        var (head, body) = await RawHttp.AskAsync(
            Address,
            $"""
            POST /flyteidl2.dataproxy.DataProxyService/TailLogs HTTP/1.1
            Host: {Address.Authority}
            content-type: application/connect+json
            {ConsoleHeaders}
            """,
            ConnectStream.Envelope(0, Encoding.UTF8.GetBytes(message)),
            isChunked: false);

        MayBeRead(head);
        var (messages, end) = await ConnectStream.ReadAllAsync(new MemoryStream(body));
        var logs = messages.Select(message => JsonDocument.Parse(message).RootElement).Single(message => message.TryGetProperty("logs", out _)).GetProperty("logs")[0];
        Assert.Equal("one\n", logs.GetProperty("lines")[0].GetProperty("message").GetString());
        Assert.Equal((pod.Name, "main"), (logs.GetProperty("container").GetProperty("kubernetesPodName").GetString(), logs.GetProperty("container").GetProperty("kubernetesContainerName").GetString()));
        Assert.False(end.TryGetProperty("error", out _), $"{end}");
    }

    // Its calls carry cookies.
    private static void MayBeRead(string head)
    {
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"Access-Control-Allow-Origin: {BrowserRig.Origin}\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Access-Control-Allow-Credentials: true\r\n", head, StringComparison.Ordinal);
    }

    private static byte[] Plain(string head, byte[] body)
    {
        if (!head.Contains("Content-Encoding: gzip\r\n", StringComparison.Ordinal))
        {
            return body;
        }

        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
