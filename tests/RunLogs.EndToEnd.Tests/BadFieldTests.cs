using System.Net;
using Grpc.Core;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.V1;
using TailLogsRequest = RunLogs.Protos.Flyte.Dataproxy.TailLogsRequest;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Messages whose fields make no sense: each fault is told by its field, and nothing is stored.</summary>
public sealed class BadFieldTests(Rig rig) : IClassFixture<Rig>, IAsyncDisposable
{
    private LogContextService.LogContextServiceClient Client => new(rig.Host.Channel);

    public static TheoryData<string> BadNames =>
    [
        "a/b", "..", ".", "a\\b", "\"quoted\"", "it's", "`tick`", "a\nb", "a\0b", "a\u001b[31mb", "a\u202eb", new string('n', 10 * 1024),
    ];

    /// <summary>After every test nothing is stored, and a good call works.</summary>
    public ValueTask DisposeAsync() => Contexts.AssertEmptyAndAliveAsync(rig);

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task A_name_that_is_none_is_InvalidArgument_in_every_field_of_a_tail(string bad)
    {
        foreach (var (field, action) in WithBadName(bad))
        {
            var failure = await TailFailureAsync(new TailLogsRequest { ActionId = action, Attempt = 1 });

            AssertFault(failure, $"action_id.{field} ");
        }
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task A_name_that_is_none_is_InvalidArgument_in_every_field_of_a_context(string bad)
    {
        foreach (var (field, action) in WithBadName(bad))
        {
            AssertFault(await FailureAsync(() => Client.PutLogContextAsync(new PutLogContextRequest { Record = Contexts.Record(action) })), $"record.action_id.{field} ");
            AssertFault(await FailureAsync(() => Client.GetLogContextAsync(new GetLogContextRequest { ActionId = action, Attempt = 1 })), $"action_id.{field} ");
            AssertFault(await FailureAsync(() => Client.DeleteLogContextAsync(new DeleteLogContextRequest { ActionId = action, Attempt = 1 })), $"action_id.{field} ");
        }

        ListLogContextsRequest[] lists = [new() { Org = bad }, new() { Project = bad }, new() { Domain = bad }, new() { Run = bad }, new() { PageToken = bad }];
        string[] fields = ["org ", "project ", "domain ", "run ", "page_token "];
        foreach (var (field, list) in fields.Zip(lists))
        {
            AssertFault(await FailureAsync(() => Client.ListLogContextsAsync(list)), field);
        }
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task A_name_that_is_none_in_Kubernetes_is_not_stored(string bad)
    {
        (string Field, Action<LogContextRecord> Spoil)[] spoils =
        [
            ("record.cluster ", record => record.Cluster = bad),
            ("record.log_context.primary_pod_name ", record => record.LogContext.PrimaryPodName = bad),
            ("record.log_context.pods[0].namespace ", record => record.LogContext.Pods[0].Namespace = bad),
            ("record.log_context.pods[0].pod_name ", record => record.LogContext.Pods[0].PodName = bad),
            ("record.log_context.pods[0].primary_container_name ", record => record.LogContext.Pods[0].PrimaryContainerName = bad),
            ("record.log_context.pods[0].containers[0].container_name ", record => record.LogContext.Pods[0].Containers[0].ContainerName = bad),
            ("record.pods[0].pod_name ", record => record.Pods.Add(new PodDetail { PodName = bad })),
            ("record.pods[0].uid ", record => record.Pods.Add(new PodDetail { PodName = "pod", Uid = bad })),
            ("record.pods[0].node_name ", record => record.Pods.Add(new PodDetail { PodName = "pod", NodeName = bad })),
        ];
        foreach (var (field, spoil) in spoils)
        {
            var record = Contexts.Record(Rig.Action("spoiled"));
            spoil(record);

            var failure = await FailureAsync(() => Client.PutLogContextAsync(new PutLogContextRequest { Record = record }));

            AssertFault(failure, field);
        }
    }

    [Fact]
    public async Task A_request_without_its_action_says_so()
    {
        AssertFault(await TailFailureAsync(new TailLogsRequest { Attempt = 1 }), "action_id is required");
        AssertFault(await TailFailureAsync(new TailLogsRequest { ActionId = new ActionIdentifier { Name = "a0" } }), "action_id is required");
        AssertFault(await TailFailureAsync(new TailLogsRequest { ActionId = new ActionIdentifier { Run = new RunIdentifier() } }), "action_id.name is required");
        AssertFault(await FailureAsync(() => Client.PutLogContextAsync(new PutLogContextRequest())), "record is required");
        AssertFault(await FailureAsync(() => Client.PutLogContextAsync(new PutLogContextRequest { Record = new LogContextRecord() })), "record.log_context is required");
        AssertFault(await FailureAsync(() => Client.GetLogContextAsync(new GetLogContextRequest())), "action_id is required");
        AssertFault(await FailureAsync(() => Client.DeleteLogContextAsync(new DeleteLogContextRequest())), "action_id is required");
    }

    [Fact]
    public async Task Attempt_0_is_neither_put_nor_deleted()
    {
        var record = Contexts.Record(Rig.Action("latest"));
        record.Attempt = 0;

        AssertFault(await FailureAsync(() => Client.PutLogContextAsync(new PutLogContextRequest { Record = record })), "record.attempt is 0; attempts count from 1");
        AssertFault(
            await FailureAsync(() => Client.DeleteLogContextAsync(new DeleteLogContextRequest { ActionId = record.ActionId })),
            "attempt is 0; name the attempt to delete, they count from 1");
    }

    [Fact]
    public async Task A_message_of_5_MB_is_ResourceExhausted_over_gRPC()
    {
        var record = Contexts.Record(Rig.Action("large"));
        record.Cluster = new string('c', 5_000_000);

        var failure = await FailureAsync(() => Client.PutLogContextAsync(new PutLogContextRequest { Record = record }));

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Sentence.Check(failure.Status.Detail);
    }

    [Fact]
    public async Task A_record_above_its_own_limit_is_InvalidArgument()
    {
        var record = Contexts.Record(Rig.Action("large"));
        record.Pods.Add(new PodDetail { PodName = "pod", Labels = { ["label"] = new string('v', 300_000) } });

        AssertFault(await FailureAsync(() => Client.PutLogContextAsync(new PutLogContextRequest { Record = record })), "record is 300");
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task A_name_that_is_none_is_400_over_plain_HTTP(string bad)
    {
        using var response = await rig.Host.Http.GetAsync($"/logs/{Uri.EscapeDataString(bad)}/development/r/a0/1", TestContext.Current.CancellationToken);

        // What no server may take, or what a client makes a path of, ends before the host sees a name.
        Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.RequestUriTooLong, $"{response.StatusCode}");
    }

    [Theory]
    [InlineData("follow=perhaps&since=never", "follow 'perhaps' is neither true nor false; since 'never' is neither an RFC 3339 time nor a duration such as 10m (s, m, h or d).")]
    [InlineData("tail=1&tail=2", "tail is given 2 times.")]
    [InlineData("tail=-1", "tail '-1' is no number of lines.")]
    [InlineData("org=a%2fb", "action_id.run.org \"a/b\" holds a slash, a backslash, a quote or a control character")]
    public async Task A_query_that_makes_no_sense_is_400_in_words_that_a_terminal_shows(string query, string sentence)
    {
        using var response = await rig.Host.Http.GetAsync($"/logs/flytesnacks/development/r/a0/1?{query}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith($$"""{"code":"invalid_argument","message":"{{sentence.Replace("\"", "\\\"", StringComparison.Ordinal)}}""", body, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Field, ActionIdentifier Action)> WithBadName(string bad)
    {
        foreach (var (field, spoil) in new (string, Action<ActionIdentifier>)[]
        {
            ("run.org", action => action.Run.Org = bad),
            ("run.project", action => action.Run.Project = bad),
            ("run.domain", action => action.Run.Domain = bad),
            ("run.name", action => action.Run.Name = bad),
            ("name", action => action.Name = bad),
        })
        {
            var action = Rig.Action("bad");
            spoil(action);
            yield return (field, action);
        }
    }

    private static void AssertFault(RpcException failure, string named)
    {
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Contains(named, failure.Status.Detail, StringComparison.Ordinal);
        Sentence.Check(failure.Status.Detail);
    }

    private static async Task<RpcException> FailureAsync<T>(Func<AsyncUnaryCall<T>> call) => await Assert.ThrowsAsync<RpcException>(async () => await call());

    private async Task<RpcException> TailFailureAsync(TailLogsRequest request)
    {
        using var call = new DataProxyService.DataProxyServiceClient(rig.Host.Channel).TailLogs(request, cancellationToken: TestContext.Current.CancellationToken);
        return await Assert.ThrowsAsync<RpcException>(() => call.ReadAllAsync());
    }
}
