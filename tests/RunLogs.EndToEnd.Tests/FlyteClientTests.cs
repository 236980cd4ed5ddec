using System.Text.Json;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What Flyte's own clients are built from.</summary>
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

    private Task<JsonElement> TailAsync(string transport, string service, string run, int lines = 0) => ClientProgram.NodeAsync("tail.mjs", new
    {
        transport,
        service,
        http1 = rig.Host.HttpAddress,
        http2 = rig.Host.GrpcAddress,
        request = new { actionId = new { run = new { org = "acme", project = "flytesnacks", domain = "development", name = run }, name = "a0" }, attempt = 1 },
        lines,
    });
}
