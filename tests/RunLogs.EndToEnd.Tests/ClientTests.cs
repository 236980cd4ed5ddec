using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Clients of the protocols that nobody wrote for this host.</summary>
public sealed class ClientTests(Rig rig) : IClassFixture<Rig>
{
    private const string TailPath = "flyteidl2.dataproxy.DataProxyService/TailLogs";

    [Theory, InlineData("connect", false), InlineData("connect", true), InlineData("grpc", true), InlineData("grpcweb", false)]
    public async Task Buf_curl_tails_a_run(string protocol, bool http2)
    {
        var run = await AddEndedRunAsync();

        var (output, status) = await ClientProgram.BufAsync([
            "curl", "--schema", Path.Combine(ClientProgram.Root, "host", "protos"), "--protocol", protocol, .. http2 ? (string[])["--http2-prior-knowledge"] : [],
            "--data", $$"""{"actionId":{{ActionJson(run)}},"attempt":1}""", $"{(http2 ? rig.Host.GrpcAddress : rig.Host.HttpAddress)}{TailPath}"]);

        Assert.Equal(0, status);
        Assert.Contains("\"message\":\"one\\n\"", output.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grpc_js_tails_a_run()
    {
        var run = await AddEndedRunAsync();

        var seen = await ClientProgram.NodeAsync("grpc.mjs", new
        {
            address = rig.Host.GrpcAddress.Authority,
            protos = Path.Combine(ClientProgram.Root, "host", "protos"),
            request = new { actionId = new { run = new { org = "acme", project = "flytesnacks", domain = "development", name = run }, name = "a0" }, attempt = 1 },
        });

        Assert.Equal("OK", seen.GetProperty("code").GetString());
        Assert.Equal("one\n", Assert.Single(seen.GetProperty("lines").EnumerateArray()).GetString());
    }

    [Theory, InlineData(GrpcWebMode.GrpcWeb), InlineData(GrpcWebMode.GrpcWebText)]
    public async Task Grpc_Net_Client_tails_a_run_over_gRPC_Web(GrpcWebMode mode)
    {
        var run = await AddEndedRunAsync();
        using var channel = GrpcChannel.ForAddress(rig.Host.HttpAddress, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(mode, new SocketsHttpHandler()), HttpVersion = HttpVersion.Version11, DisposeHttpClient = true });
        var client = new DataProxyService.DataProxyServiceClient(channel);

        using var found = client.TailLogs(new TailLogsRequest { ActionId = Rig.Action(run), Attempt = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        using var missing = client.TailLogs(new TailLogsRequest { ActionId = Rig.Action("nosuchrun"), Attempt = 1 }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("one\n", Assert.Single(await found.ReadAllAsync()).Message);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => missing.ReadAllAsync())).StatusCode);
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task Curl_reads_raw_envelopes(bool http2, bool json)
    {
        var run = await AddEndedRunAsync();
        var (request, answer) = (Path.GetTempFileName(), Path.GetTempFileName());
        var message = new TailLogsRequest { ActionId = Rig.Action(run), Attempt = 1 };
        await File.WriteAllBytesAsync(
            request, ConnectStream.Envelope(0, json ? Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message)) : message.ToByteArray()), TestContext.Current.CancellationToken);

        var (output, status) = await ClientProgram.CurlAsync([
            "-sS", .. http2 ? (string[])["--http2-prior-knowledge"] : [], "-H", $"Content-Type: application/connect+{(json ? "json" : "proto")}", "--data-binary", $"@{request}",
            "-o", answer, "-w", "%{http_code} %{content_type}", $"{(http2 ? rig.Host.GrpcAddress : rig.Host.HttpAddress)}{TailPath}"]);

        Assert.Equal((0, $"200 application/connect+{(json ? "json" : "proto")}"), (status, output));
        await using var body = new MemoryStream(await File.ReadAllBytesAsync(answer, TestContext.Current.CancellationToken));
        var (messages, end) = await ConnectStream.ReadAllAsync(body);
        var responses = messages.Select(one => json ? JsonParser.Default.Parse<TailLogsResponse>(Encoding.UTF8.GetString(one)) : TailLogsResponse.Parser.ParseFrom(one));
        Assert.Equal("one\n", responses.SelectMany(response => response.Logs).SelectMany(logs => logs.Lines).Single(line => line.Originator != LogLineOriginator.System).Message);
        Assert.False(end.TryGetProperty("error", out _), $"{end}");
        File.Delete(request);
        File.Delete(answer);
    }

    private static string ActionJson(string run) => JsonFormatter.Default.Format(Rig.Action(run));

    private async Task<string> AddEndedRunAsync()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        return run;
    }
}
