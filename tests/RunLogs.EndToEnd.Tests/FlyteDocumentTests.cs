using System.Net;
using System.Text.RegularExpressions;
using Npgsql;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Testing.Postgres;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What docs/flyte.md tells operators to set up is what is needed.</summary>
public sealed partial class FlyteDocumentTests
{
    private static string Document => File.ReadAllText(Path.Combine(ClientProgram.Root, "docs", "flyte.md"));

    [Fact]
    public async Task The_grants_are_enough_and_the_rights_in_Kubernetes_are_those_that_are_used()
    {
        await using var flyte = await FlyteDatabaseRig.StartAsync();
        var grants = Grants().Match(Document).Groups[1].Value
            .Replace("'...'", $"'{PostgresServer.Password}'", StringComparison.Ordinal)
            .Replace("DATABASE flyte", "DATABASE postgres", StringComparison.Ordinal);
        foreach (var statement in grants.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            await flyte.ExecuteAsync(statement);
        }

        var reader = new NpgsqlConnectionStringBuilder(flyte.ConnectionString) { Username = "runlogs" };
        await using var host = await flyte.StartHostAsync($"RunLogs__Contexts__ConnectionString={reader.ConnectionString}", "RunLogs:Heartbeat=00:00:00.3");
        await host.WritesAsync("Updates of actions are heard");
        await flyte.AddAsync("run", ActionPhase.Queued);
        using var tail = Tail.Open(host, "run", cancellationToken: TestContext.Current.CancellationToken);
        await tail.ResponseHeadersAsync;
        var pod = flyte.Rig.Api.AddPod("flyte", "run-a0-0");
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        await flyte.AddAsync("run", ActionPhase.Running, pod.Name);

        Assert.Equal(["one\n"], (await tail.ReadAllAsync()).Select(line => line.Message));
        Assert.All(flyte.Rig.Api.Requests, request => Assert.Matches("^/api/v1/namespaces/flyte/pods/run-a0-0(/log)?(\\?|$)", request));
        Assert.Contains("resources: [pods, pods/log]\n    verbs: [get]\n", Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_path_of_the_ingress_is_served_and_no_other_of_those_services()
    {
        await using var rig = await Rig.StartAsync();
        var paths = Paths().Matches(Document).Select(path => path.Groups[1].Value).ToList();

        Assert.Equal(
            ["/flyteidl2.cluster.ClusterService/SelectCluster", "/flyteidl2.dataproxy.DataProxyService/TailLogs", "/flyteidl2.workflow.RunLogsService/TailLogs"], paths.Order(StringComparer.Ordinal));
        foreach (var path in paths)
        {
            Assert.NotEqual(HttpStatusCode.NotFound, await PostAsync(rig, path));
        }

        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(rig, "/flyteidl2.dataproxy.DataProxyService/CreateUploadLocation"));
    }

    private static async Task<HttpStatusCode> PostAsync(Rig rig, string path)
    {
        using var response = await rig.Host.Http.PostAsync(path, new ByteArrayContent([]) { Headers = { ContentType = new("application/proto") } }, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Grants();

    [GeneratedRegex(@"- path: (\S+)")]
    private static partial Regex Paths();
}
