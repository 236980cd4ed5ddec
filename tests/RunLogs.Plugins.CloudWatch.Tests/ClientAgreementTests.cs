using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>The AWS CLI, the JavaScript SDK and botocore's model against the fake and the backend: their clock is the real one.</summary>
public sealed class ClientAgreementTests : IAsyncLifetime
{
    private const string Group = "/group";
    private const string Stream = "flytesnacks-development/finished-a0-0/main";

    private readonly long _start = TimeProvider.System.GetUtcNow().AddMinutes(-30).ToUnixTimeMilliseconds();
    private FakeCloudWatchLogs? _logs;

    private FakeCloudWatchLogs Logs => _logs!;

    public async ValueTask InitializeAsync()
    {
        _logs = await FakeCloudWatchLogs.StartAsync(TimeProvider.System);
        Logs.CreateGroup(Group).PageEvents = 40;
        Logs.Put(Group, Stream, Enumerable.Range(0, 100).Select(i => (_start + (i * 10), $"line {i} ü\t\"quoted\" 🚀")));
        Logs.Put(Group, "other", (_start, "another stream"));
    }

    public async ValueTask DisposeAsync() => await Logs.DisposeAsync();

    [Fact]
    public async Task The_aws_cli_pages_forward_and_backward()
    {
        OutsideProgram.RequireAws();

        var first = await AwsAsync("get-log-events", "--log-group-name", Group, "--log-stream-name", Stream, "--start-from-head");
        var second = await AwsAsync("get-log-events", "--log-group-name", Group, "--log-stream-name", Stream, "--start-from-head", "--next-token", (string)first["nextForwardToken"]!);
        var last = await AwsAsync("get-log-events", "--log-group-name", Group, "--log-stream-name", Stream, "--limit", "5");

        Assert.Equal(Expected(0, 40), Texts(first));
        Assert.Equal(Expected(40, 40), Texts(second));
        Assert.Equal(Expected(95, 5), Texts(last));
    }

    [Fact]
    public async Task The_aws_cli_filters_and_lists()
    {
        OutsideProgram.RequireAws();

        var filtered = await AwsAsync("filter-log-events", "--log-group-name", Group, "--log-stream-names", Stream, "--filter-pattern", "quoted");
        var streams = await AwsAsync("describe-log-streams", "--log-group-name", Group, "--log-stream-name-prefix", "flytesnacks");

        Assert.Equal(Expected(0, 100), Texts(filtered));
        Assert.Equal([Stream], streams["logStreams"]!.AsArray().Select(stream => (string)stream!["logStreamName"]!));
    }

    [Fact]
    public async Task Aws_logs_tail_and_a_tail_give_the_same_lines()
    {
        OutsideProgram.RequireAws();
        var output = new CollectingWriter();

        var theirs = await OutsideProgram.RunAsync(OutsideProgram.Aws, ["--endpoint-url", Logs.Url, "logs", "tail", Group, "--log-stream-names", Stream, "--since", "1h", "--format", "short"]);
        await using var streamer = Streamer();
        await streamer.TailLogsAsync(Request, output, CancellationToken.None).WaitAsync(FakeNode.Patience);

        Assert.Equal(Expected(0, 100), output.Texts);
        Assert.Equal(output.Lines.Select(line => $"{line.Timestamp.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)} {line.Text}"), theirs.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task The_javascript_sdk_reads_the_same()
    {
        OutsideProgram.RequireNode();

        var got = await SdkAsync("GetLogEventsCommand", new JsonObject { ["logGroupName"] = Group, ["logStreamName"] = Stream, ["startFromHead"] = true });
        var filtered = await SdkAsync("FilterLogEventsCommand", new JsonObject { ["logGroupName"] = Group, ["logStreamNamePrefix"] = "flyte", ["limit"] = 7 });
        var streams = await SdkAsync("DescribeLogStreamsCommand", new JsonObject { ["logGroupName"] = Group });
        var refused = await SdkAsync("GetLogEventsCommand", new JsonObject { ["logGroupName"] = Group, ["logStreamName"] = "none" });

        Assert.Equal(Expected(0, 40), Texts(got));
        Assert.Equal(Expected(0, 7), Texts(filtered));
        Assert.Equal(2, streams["logStreams"]!.AsArray().Count);
        Assert.Equal("ResourceNotFoundException", (string?)refused["error"]);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_to_every_client()
    {
        OutsideProgram.RequireNode();

        var refused = JsonNode.Parse(await OutsideProgram.RunAsync("node", ["read.mjs", Logs.Url, FakeCloudWatchLogs.Region, "DescribeLogStreamsCommand", $$"""{"logGroupName":"{{Group}}"}"""], secret: "wrong"))!;

        Assert.Equal("InvalidSignatureException", (string?)refused["error"]);
    }

    [Fact]
    public async Task Every_request_fits_the_model_that_botocore_ships()
    {
        OutsideProgram.Require(File.Exists("/usr/lib/python3/dist-packages/botocore/validate.py"), "Debian's python3-botocore");
        await using var streamer = Streamer();
        await streamer.TailLogsAsync(Request with { TailLines = 5 }, new CollectingWriter(), CancellationToken.None).WaitAsync(FakeNode.Patience);
        await using var scanning = Streamer("{node}/{pod}");
        await Assert.ThrowsAsync<LogStreamException>(() => scanning.TailLogsAsync(Request, new CollectingWriter(), CancellationToken.None).WaitAsync(FakeNode.Patience));

        var calls = new JsonArray([.. Logs.Calls.Select(call => new JsonObject { ["operation"] = call.Operation, ["request"] = call.Request.DeepClone() })]);
        var report = await OutsideProgram.RunAsync(OutsideProgram.Python, [Path.Combine(OutsideProgram.Clients, "validate.py")], calls.ToJsonString());

        Assert.Equal(["DescribeLogStreams", "FilterLogEvents", "GetLogEvents"], Logs.Calls.Select(call => call.Operation).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("", report);
        Assert.NotEqual("", await OutsideProgram.RunAsync(OutsideProgram.Python, [Path.Combine(OutsideProgram.Clients, "validate.py")], """[{"operation":"GetLogEvents","request":{"limit":0}}]"""));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("session+token/with=signs")]
    public async Task Signatures_are_those_of_an_independent_implementation(string? token)
    {
        OutsideProgram.RequireNode();
        var signed = new List<(Dictionary<string, string> Headers, string Body)>();
        var (key, secret) = token is null ? (FakeCloudWatchLogs.AccessKey, FakeCloudWatchLogs.SecretKey) : ("ASIASESSION", "another/secret+key");
        Logs.AddKey(key, secret, token);
        Logs.Before = call =>
        {
            signed.Add((call.Http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), call.Body));
            return Task.FromResult(false);
        };
        var profile = $"signing-{key}";
        Surroundings.AddProfile(profile, key, secret, token);
        await using var streamer = Streamer(profile: profile);
        await streamer.TailLogsAsync(Request, new CollectingWriter(), CancellationToken.None).WaitAsync(FakeNode.Patience);

        foreach (var (headers, body) in signed)
        {
            var names = headers["authorization"].Split("SignedHeaders=")[1].Split(',')[0].Split(';');
            var input = JsonSerializer.Serialize(new
            {
                host = headers["host"],
                headers = names.Where(name => name is not "host" and not "x-amz-date" and not "x-amz-security-token").ToDictionary(name => name, name => headers[name]),
                body,
                region = FakeCloudWatchLogs.Region,
                accessKeyId = key,
                secretAccessKey = secret,
                sessionToken = token,
                date = DateTimeOffset.ParseExact(headers["x-amz-date"], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            });
            var theirs = JsonNode.Parse(await OutsideProgram.RunAsync("node", ["sign.mjs"], input))!;

            Assert.Equal((string?)theirs["authorization"], headers["authorization"].Replace(",SignedHeaders", ", SignedHeaders", StringComparison.Ordinal));
        }

        Assert.NotEmpty(signed);
    }

    private static TailRequest Request => new() { Cluster = "default", Namespace = "flytesnacks-development", Pod = "finished-a0-0", Container = "main", Follow = FollowMode.Never };

    private ILogStreamer Streamer(string prefix = "{namespace}/{pod}/{container}", string? profile = null) => new CloudWatchPlugin().Create(Some.PluginContext("CloudWatch", TimeProvider.System, new Dictionary<string, string?>
    {
        ["Region"] = FakeCloudWatchLogs.Region,
        ["Endpoint"] = Logs.Url,
        ["Preset"] = "Plain",
        ["LogGroup"] = Group,
        ["LogStreamPrefix"] = prefix,
        ["Profile"] = profile,
    }));

    private static string[] Expected(int from, int count) => [.. Enumerable.Range(from, count).Select(i => $"line {i} ü\t\"quoted\" 🚀")];

    private static string[] Texts(JsonNode answer) => [.. answer["events"]!.AsArray().Select(e => (string)e!["message"]!)];

    private async Task<JsonNode> AwsAsync(string command, params string[] arguments) =>
        JsonNode.Parse(await OutsideProgram.RunAsync(OutsideProgram.Aws, ["--endpoint-url", Logs.Url, "--output", "json", "logs", command, .. arguments]))!;

    private async Task<JsonNode> SdkAsync(string command, JsonObject input) =>
        JsonNode.Parse(await OutsideProgram.RunAsync("node", ["read.mjs", Logs.Url, FakeCloudWatchLogs.Region, command, input.ToJsonString()]))!;
}
