using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using RunLogs.Protos.Flyte.Cluster;
using RunLogs.Protos.Flyte.Common;

namespace RunLogs.EndToEnd.Tests;

/// <summary>The call that Flyte's clients make before every tail.</summary>
public sealed class SelectClusterTests(Rig rig) : IClassFixture<Rig>
{
    private const string Path = "/flyteidl2.cluster.ClusterService/SelectCluster";

    [Fact]
    public async Task Logs_are_at_the_address_that_the_client_asked()
    {
        var request = new SelectClusterRequest { ActionId = Rig.Action("run"), Operation = SelectClusterRequest.Types.Operation.TailLogs };

        var grpc = await new ClusterService.ClusterServiceClient(rig.Host.Channel).SelectClusterAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        var connect = await PostAsync(rig.Host, "OPERATION_TAIL_LOGS");
        var forged = await PostAsync(rig.Host, "OPERATION_TAIL_LOGS", host: "flyte.example.com", forwarded: "https");

        Assert.Equal((rig.Host.GrpcAddress.AbsoluteUri.TrimEnd('/'), "default"), (grpc.ClusterEndpoint, grpc.Cluster));
        Assert.Equal(rig.Host.HttpAddress.AbsoluteUri.TrimEnd('/'), connect.GetProperty("clusterEndpoint").GetString());
        Assert.Equal("http://flyte.example.com", forged.GetProperty("clusterEndpoint").GetString());
    }

    [Fact]
    public async Task Everything_else_is_at_Flyte_where_that_is_known()
    {
        await using var host = await rig.StartHostAsync("RunLogs:Flyte:Endpoint=https://flyte.example.com", "RunLogs:KnownProxies=10.0.0.7, 127.0.0.0/8");
        var request = new SelectClusterRequest { ActionAttemptId = new ActionAttemptIdentifier { ActionId = Rig.Action("run"), Attempt = 1 }, Operation = SelectClusterRequest.Types.Operation.GetActionData };

        var unknown = await Assert.ThrowsAsync<RpcException>(() => new ClusterService.ClusterServiceClient(rig.Host.Channel).SelectClusterAsync(request).ResponseAsync);
        var known = await new ClusterService.ClusterServiceClient(host.Channel).SelectClusterAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        var proxied = await PostAsync(host, "OPERATION_TAIL_LOGS", host: "logs.example.com", forwarded: "https");

        Assert.Equal(
            (StatusCode.Unimplemented, "RunLogs serves logs alone: set RunLogs:Flyte:Endpoint to Flyte's address, or send it only the calls of logs."), (unknown.StatusCode, unknown.Status.Detail));
        Assert.Equal("https://flyte.example.com", known.ClusterEndpoint);
        Assert.Equal("https://logs.example.com", proxied.GetProperty("clusterEndpoint").GetString());
    }

    [Fact]
    public async Task An_advertised_address_is_told_to_everyone()
    {
        await using var host = await rig.StartHostAsync("RunLogs:AdvertisedUrl=https://logs.example.com:8443");

        Assert.Equal("https://logs.example.com:8443", (await PostAsync(host, "OPERATION_TAIL_LOGS", host: "another")).GetProperty("clusterEndpoint").GetString());
    }

    // As the console asks: its identifier of an attempt, and what this version does not know.
    private static async Task<JsonElement> PostAsync(HostProcess runLogs, string operation, string? host = null, string? forwarded = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = JsonContent.Create(new { actionAttemptId = new { actionId = new { run = new { org = "acme", project = "p", domain = "d", name = "r" }, name = "a0" }, attempt = 1 }, operation }),
        };
        request.Headers.Host = host;
        if (forwarded is not null)
        {
            request.Headers.Add("X-Forwarded-Proto", forwarded);
        }

        using var response = await runLogs.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }
}
