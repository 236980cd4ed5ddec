using System.Text.Json.Nodes;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver;
using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Plugins.Stackdriver.Tests;

/// <summary>Google's Node client and gcloud against the fake and the backend: their clock is the real one.</summary>
public sealed class ClientAgreementTests : IAsyncLifetime
{
    private static readonly string Clients = OutsideProcess.Clients("google");

    private readonly LogTimestamp _start = LogTimestamp.From(TimeProvider.System.GetUtcNow().AddMinutes(-30));
    private FakeLoggingService? _logging;

    private FakeLoggingService Logging => _logging!;

    public async ValueTask InitializeAsync()
    {
        _logging = await FakeLoggingService.StartAsync(TimeProvider.System);
        // gcloud sends none.
        Logging.Tokens.Clear();
        Logging.Tokens.Add(FakeLoggingService.AccessToken);
        Logging.Put(Some.Container, Enumerable.Range(0, 100).Select(i => Line(i)));
        Logging.Put(Some.Container with { Pod = "other" }, Line(0));
    }

    public async ValueTask DisposeAsync() => await Logging.DisposeAsync();

    [Fact]
    public async Task The_node_client_and_a_tail_give_the_same_lines()
    {
        RequireNode();
        var filter = await FilterOfATailAsync();

        var page = await NodeAsync(new JsonObject { ["filter"] = filter, ["orderBy"] = "timestamp asc", ["pageSize"] = 40 });
        var next = await NodeAsync(new JsonObject { ["filter"] = filter, ["orderBy"] = "timestamp asc", ["pageSize"] = 40, ["pageToken"] = (string)page["nextPageToken"]! });
        var last = await NodeAsync(new JsonObject { ["filter"] = filter, ["orderBy"] = "timestamp desc", ["pageSize"] = 5 });

        Assert.Equal(Expected(0, 40), Texts(page));
        Assert.Equal(Expected(40, 40), Texts(next));
        Assert.Equal(Expected(95, 5).Reverse(), Texts(last));
        Assert.Equal("projects/my-project-123456/logs/stderr", (string?)page["entries"]![2]!["log"]);
        Assert.Equal("ERROR", (string?)page["entries"]![2]!["severity"]);
    }

    [Fact]
    public async Task The_node_client_sees_payloads_and_parts_as_they_are()
    {
        RequireNode();
        Logging.Put(Some.Container with { Pod = "json" }, Line(1), entry => entry.JsonPayload = Google.Protobuf.JsonParser.Default.Parse<Google.Protobuf.WellKnownTypes.Struct>("""{"message":"hello","n":1.5}"""));
        Logging.Put(Some.Container with { Pod = "json" }, Line(2), entry => entry.Split = new LogSplit { Uid = "u", Index = 1, TotalSplits = 2 });

        var entries = (await NodeAsync(new JsonObject { ["filter"] = "resource.labels.pod_name=\"json\"", ["orderBy"] = "timestamp asc" }))["entries"]!.AsArray();

        Assert.Equal("""{"message":"hello","n":1.5}""", entries[0]!["data"]!.ToJsonString());
        Assert.Equal(("u", 1, 2), ((string?)entries[1]!["split"]!["uid"], (int)entries[1]!["split"]!["index"]!, (int)entries[1]!["split"]!["totalSplits"]!));
    }

    [Fact]
    public async Task The_node_client_is_refused_what_the_service_refuses()
    {
        RequireNode();

        var filter = await NodeAsync(new JsonObject { ["filter"] = "resource.type=" });
        var size = await NodeAsync(new JsonObject { ["pageSize"] = 1001 });

        Assert.Equal(3, (int?)filter["code"]);
        Assert.Contains("Unparseable filter", (string?)filter["message"], StringComparison.Ordinal);
        Assert.Equal(3, (int?)size["code"]);
    }

    [Fact]
    public async Task Gcloud_logging_read_and_a_tail_give_the_same_lines()
    {
        var gcloud = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "gcloud")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(gcloud is not null, "This test needs gcloud: it is used where it is present, and no package registry of the build has it.");
        var configuration = Directory.CreateTempSubdirectory("runlogs-gcloud-");
        var filter = await FilterOfATailAsync();

        var json = await OutsideProcess.RunAsync(gcloud!, ["logging", "read", filter, "--order=asc", "--limit=200", "--format=json", "--project=my-project-123456"], Clients, new Dictionary<string, string>
        {
            ["CLOUDSDK_CONFIG"] = configuration.FullName,
            ["CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING"] = Logging.RestUrl + "/",
            ["CLOUDSDK_AUTH_DISABLE_CREDENTIALS"] = "true",
            ["CLOUDSDK_CORE_DISABLE_PROMPTS"] = "1",
            ["CLOUDSDK_CORE_DISABLE_USAGE_REPORTING"] = "true",
        });
        configuration.Delete(recursive: true);

        var entries = JsonNode.Parse(json)!.AsArray();
        Assert.Equal(Expected(0, 100), entries.Select(entry => (string)entry!["textPayload"]!));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => Line(i).Timestamp), entries.Select(entry => Some.Time((string)entry!["timestamp"]!)));
    }

    // What the backend asks for, once it gave all of it.
    private async Task<string> FilterOfATailAsync()
    {
        await using var streamer = new StackdriverPlugin().Create(Some.PluginContext("Stackdriver", TimeProvider.System, new Dictionary<string, string?>
        {
            ["ProjectId"] = Logging.Cluster.ProjectId,
            ["ClusterName"] = Logging.Cluster.ClusterName,
            ["Location"] = Logging.Cluster.Location,
            ["Endpoint"] = Logging.Url,
        }));
        var output = new CollectingWriter();
        await streamer.TailLogsAsync(
            new TailRequest { Cluster = "default", Namespace = Some.Container.Namespace, Pod = Some.Container.Pod, Container = Some.Container.Name, ContainerStart = _start, Follow = FollowMode.Never },
            output, CancellationToken.None).WaitAsync(FakeNode.Patience);

        Assert.Equal(Expected(0, 100), output.Texts);
        Logging.Tokens.Clear();
        return Logging.Calls[^1].Request.Filter;
    }

    private static void RequireNode() => OutsideProcess.Require(Directory.Exists(Path.Combine(Clients, "node_modules")), "Node, and npm ci in tests/clients/google");

    private WrittenLine Line(int i) => Some.Line($"line {i} ü\t\"quoted\" 🚀", new LogTimestamp(_start.UnixNanoseconds + (i / 2 * 10_000_007L)), i % 3 == 2 ? OutputStream.Stderr : OutputStream.Stdout);

    private static string[] Expected(int from, int count) => [.. Enumerable.Range(from, count).Select(i => $"line {i} ü\t\"quoted\" 🚀")];

    private static IEnumerable<string> Texts(JsonNode answer) => answer["entries"]!.AsArray().Select(entry => (string)entry!["data"]!);

    private async Task<JsonNode> NodeAsync(JsonObject options)
    {
        Logging.Tokens.Clear();
        return JsonNode.Parse(await OutsideProcess.RunAsync("node", ["read.mjs", new Uri(Logging.Url).Authority, options.ToJsonString()], Clients, new Dictionary<string, string>()))!;
    }
}
