using System.Net;
using Google.Protobuf;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What a browser asks for on behalf of Flyte's console.</summary>
public sealed class BrowserTests(BrowserRig browser) : IClassFixture<BrowserRig>
{
    private const string TailPath = "flyteidl2.dataproxy.DataProxyService/TailLogs";

    // What connect-web sends over Connect and gRPC-Web, what Flyte's own server lets through, and a token's header of one installation.
    private const string Asked = "accept,authorization,connect-protocol-version,connect-timeout-ms,content-type,flyte-authorization,grpc-timeout,x-grpc-web,x-user-agent";

    private readonly Rig _rig = browser.Rig;

    [Theory]
    [InlineData("POST", TailPath), InlineData("POST", "flyteidl2.workflow.RunLogsService/TailLogs"), InlineData("POST", "flyteidl2.cluster.ClusterService/SelectCluster")]
    [InlineData("POST", "runlogs.v1.LogService/TailLogs"), InlineData("POST", "runlogs.v1.LogContextService/PutLogContext"), InlineData("GET", "runlogs.v1.LogContextService/GetLogContext")]
    [InlineData("POST", "runlogs.v1.BackendService/ListBackends"), InlineData("GET", "runlogs.v1.BackendService/ListBackends"), InlineData("POST", "grpc.health.v1.Health/Check")]
    [InlineData("GET", "logs/flytesnacks/development/run/a0/1"), InlineData("POST", "no.such.Service/Method")]
    public async Task A_configured_origin_may_send_its_users_credentials_and_every_header(string verb, string path)
    {
        using var response = await PreflightAsync(BrowserRig.Origin, verb, path);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(BrowserRig.Origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(response, "Access-Control-Allow-Credentials"));
        Assert.Contains(verb, Header(response, "Access-Control-Allow-Methods").Split(','));
        Assert.Equal(Asked.Split(','), Header(response, "Access-Control-Allow-Headers").Split(','));
        Assert.Equal("86400", Header(response, "Access-Control-Max-Age"));
        Assert.Contains("Origin", Header(response, "Vary"), StringComparison.Ordinal);
    }

    [Theory, InlineData("https://flyte.example.com.evil.org"), InlineData("null")]
    public async Task Another_origin_may_ask_nothing(string origin)
    {
        using var response = await PreflightAsync(origin, "POST", TailPath);

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-Allow", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Without_a_configured_origin_there_is_none()
    {
        await using var host = await _rig.StartHostAsync("RunLogs:Cors:Origins=");
        using var request = Preflight(BrowserRig.Origin, "POST", TailPath);

        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-Allow", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("application/connect+json", TailPath), InlineData("application/grpc-web+proto", TailPath), InlineData("application/json", "runlogs.v1.BackendService/ListBackends")]
    [InlineData("image/jpeg", TailPath)]
    public async Task Every_answer_names_the_origin_whatever_it_says(string contentType, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = new(contentType) } } };
        request.Headers.TryAddWithoutValidation("Origin", "http://localhost:3000");

        using var response = await _rig.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("http://localhost:3000", Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(response, "Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", Header(response, "Vary"));
        Assert.Equal(["grpc-message", "grpc-status", "grpc-status-details-bin", "runlogs-closing-bin", "runlogs-cursor"],
            Header(response, "Access-Control-Expose-Headers").Split(',').Order(StringComparer.Ordinal));
    }

    [Theory, InlineData("https://flyte.example.com.evil.org"), InlineData("http://flyte.example.com"), InlineData("https://sub.flyte.example.com"), InlineData("null")]
    public async Task Another_origin_is_not_named(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "runlogs.v1.BackendService/ListBackends") { Content = new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = new("application/json") } } };
        request.Headers.TryAddWithoutValidation("Origin", origin);

        using var response = await _rig.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_silent_tail_over_Connect_beats_and_then_brings_the_line(bool json)
    {
        var (run, pod) = await _rig.AddRunAsync();
        var message = new TailLogsRequest { ActionId = Rig.Action(run), Attempt = 1 };
        var bytes = json ? System.Text.Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message)) : message.ToByteArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, TailPath) { Content = new ByteArrayContent(ConnectStream.Envelope(0, bytes)) { Headers = { ContentType = new($"application/connect+{(json ? "json" : "proto")}") } } };

        using var response = await _rig.Host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        TailLogsResponse Parse(byte[] one) => json ? JsonParser.Default.Parse<TailLogsResponse>(System.Text.Encoding.UTF8.GetString(one)) : TailLogsResponse.Parser.ParseFrom(one);

        Assert.Empty(Parse((await ConnectStream.NextAsync(body)).Message).Logs);
        Assert.Empty(Parse((await ConnectStream.NextAsync(body)).Message).Logs);
        pod.Container("main").Append("at last");
        TailLogsResponse next;
        do
        {
            next = Parse((await ConnectStream.NextAsync(body)).Message);
        }
        while (next.Logs.Count == 0);
        Assert.Equal("at last\n", Assert.Single(next.Logs[0].Lines).Message);
    }

    private async Task<HttpResponseMessage> PreflightAsync(string origin, string verb, string path)
    {
        using var request = Preflight(origin, verb, path);
        return await _rig.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static HttpRequestMessage Preflight(string origin, string verb, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", verb);
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", Asked);
        return request;
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(",", response.Headers.GetValues(name));
}
