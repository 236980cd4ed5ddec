using System.Text.Json.Nodes;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>A node whose agent writes to a log group of its own at a <see cref="TestClockMoto"/>.</summary>
internal sealed class MotoNode(TestClockMoto moto) : CloudWatchNode
{
    private readonly string _group = $"/test/{Guid.NewGuid():N}/application";
    private readonly HashSet<string> _streams = [];

    public string Profile { get; init; } = moto.Profile;

    public async Task<MotoNode> StartAsync()
    {
        await CallAsync("CreateLogGroup", new JsonObject { ["logGroupName"] = _group });
        return this;
    }

    public override ILogStreamer CreateStreamer(int maxLineBytes = 256 * 1024) => new CloudWatchPlugin().Create(Context(maxLineBytes));

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override async Task PutAsync(string stream, IReadOnlyList<(long Timestamp, string Message)> events)
    {
        if (_streams.Add(stream))
            await CallAsync("CreateLogStream", new JsonObject { ["logGroupName"] = _group, ["logStreamName"] = stream });

        await CallAsync("PutLogEvents", new JsonObject
        {
            ["logGroupName"] = _group,
            ["logStreamName"] = stream,
            ["logEvents"] = new JsonArray([.. events.Select(e => new JsonObject { ["timestamp"] = e.Timestamp, ["message"] = e.Message })]),
        });
    }

    private Task CallAsync(string operation, JsonObject request) => moto.Server.CallAsync(operation, request, TestContext.Current.CancellationToken);

    private PluginContext Context(int maxLineBytes) => Some.PluginContext("CloudWatch", Time, new Dictionary<string, string?>
    {
        ["Region"] = FakeCloudWatchLogs.Region,
        ["Endpoint"] = moto.Server.Url,
        ["Profile"] = Profile,
        ["LogGroup"] = _group,
    }, maxLineBytes);
}
