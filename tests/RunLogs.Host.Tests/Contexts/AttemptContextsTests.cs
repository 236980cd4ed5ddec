using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Tests.Contexts;

public sealed class AttemptContextsTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private ContextsHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ContextsHost.StartAsync(_directory.Path, options => options.DefaultCluster = "home");

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_attempt_becomes_the_whole_log_of_its_primary_container()
    {
        await PutAsync(record => record.LogContext.Pods.Insert(0, Some.Pod("run1-a0-0-worker")));

        var request = await ResolveAsync();

        Assert.Equal(new AttemptIdentity { Org = "acme", Project = "shop", Domain = "development", Run = "run1", Action = "a0", Attempt = 1 }, request.Attempt);
        Assert.Equal("shop", Assert.Single(request.Labels, label => label.Key == "app.kubernetes.io/name").Value);
        Assert.Equal(
            new TailRequest
            {
                Attempt = request.Attempt,
                Cluster = "east",
                Namespace = "flyte",
                Pod = "run1-a0-0",
                PodUid = "0b54d2f0-5a7d-4f3e-a0f9-3d9f5a3a4b10",
                Container = "main",
                ContainerId = "4f0c9d",
                Node = "ip-10-0-0-1.ec2.internal",
                Labels = request.Labels,
                ContainerStart = new LogTimestamp(110_000_000_005),
                ContainerEnd = new LogTimestamp(190_000_000_005),
                EndedAt = new LogTimestamp(190_000_000_005),
            },
            request);
    }

    [Fact]
    public async Task What_the_record_leaves_open_stays_open()
    {
        await PutAsync(record =>
        {
            record.Cluster = "";
            record.Pods.Clear();
            (record.StartTime, record.EndTime, record.LogContext.Pods[0].Containers[0].Process) = (null, null, null);
        });

        var request = await ResolveAsync();

        Assert.Equal("home", request.Cluster);
        Assert.Equal((null, null, null), (request.PodUid, request.Node, request.ContainerId));
        Assert.Equal((null, null, null), (request.ContainerStart, request.ContainerEnd, request.EndedAt));
        Assert.Empty(request.Labels);
    }

    [Fact]
    public async Task Without_times_of_the_container_those_of_the_attempt_bound_it()
    {
        await PutAsync(record => record.LogContext.Pods[0].Containers[0].Process = null);

        var request = await ResolveAsync();

        Assert.Equal(new LogTimestamp(100_000_000_005), request.ContainerStart);
        Assert.Null(request.ContainerEnd);
        Assert.Equal(new LogTimestamp(200_000_000_005), request.EndedAt);
    }

    [Fact]
    public async Task Attempt_zero_names_the_latest_in_the_answer()
    {
        await PutAsync(record => record.Attempt = 3);

        Assert.Equal(3u, (await ResolveAsync(attempt: 0)).Attempt?.Attempt);
    }

    [Theory]
    [InlineData("", "acme", "acme")]
    [InlineData("acme", "", "acme")]
    [InlineData("acme", "acme", "acme")]
    [InlineData("", "", "")]
    public async Task The_answer_names_the_org_that_either_side_knows(string asked, string recorded, string answered)
    {
        await PutAsync(record => record.ActionId.Run.Org = recorded);

        Assert.Equal(answered, (await ResolveAsync(Some.Action(org: asked))).Attempt?.Org);
    }

    [Fact]
    public async Task A_missing_action_is_refused_in_the_words_of_Flyte()
    {
        foreach (var missing in new[] { null, new ActionIdentifier(), new ActionIdentifier { Name = "a0" } })
        {
            var e = await Assert.ThrowsAsync<ContextException>(() => _host.Get<AttemptContexts>().FindAsync(missing, 1, ContainerSelection.Primary, FollowMode.Auto, CancellationToken.None));

            Assert.Equal((ContextError.InvalidArgument, "action_id is required"), (e.Error, e.Message));
        }
    }

    [Fact]
    public async Task A_malformed_id_is_refused()
    {
        var e = await Assert.ThrowsAsync<ContextException>(() => ResolveAsync(Some.Action(run: "", action: "../x")));

        Assert.Equal(ContextError.InvalidArgument, e.Error);
        Assert.Equal("action_id.run.name is required; action_id.name \"../x\" holds a slash, a backslash, a quote or a control character", e.Message);
    }

    [Fact]
    public async Task An_attempt_without_a_record_has_no_event()
    {
        await PutAsync();

        await AssertNotFoundAsync("no event found for action acme/shop/development/run1/a0 attempt 2", attempt: 2);
    }

    [Fact]
    public async Task A_connector_alone_is_no_log_context()
    {
        await PutAsync(record =>
        {
            record.LogContext = new LogContext { Connector = new ConnectorLogContext { Endpoint = "dns:///x" } };
            record.Pods.Clear();
        });

        await AssertNotFoundAsync("no log context found for action acme/shop/development/run1/a0 attempt 1");
    }

    [Fact]
    public async Task A_context_without_a_primary_pod_is_not_found()
    {
        await PutAsync(record => record.LogContext.PrimaryPodName = "");

        await AssertNotFoundAsync("primary pod name is empty in log context");
    }

    [Fact]
    public async Task A_primary_pod_that_is_not_listed_is_not_found()
    {
        await PutAsync(record => record.LogContext.PrimaryPodName = "gone"); // the rules refuse it, Flyte's own contexts may have it

        await AssertNotFoundAsync("primary pod gone not found in log context");
    }

    [Theory]
    [InlineData("")]
    [InlineData("init")]
    [InlineData("other")]
    public async Task A_primary_container_that_is_not_listed_is_not_found(string container)
    {
        await PutAsync(record => record.LogContext.Pods[0].PrimaryContainerName = container);

        await AssertNotFoundAsync($"primary container {container} not found in pod run1-a0-0");
    }

    [Fact]
    public async Task Another_container_of_the_pod_is_found_by_its_name()
    {
        await PutAsync(record => record.LogContext.Pods[0].InitContainers.Add(new ContainerContext { ContainerName = "download" }));

        var request = await ResolveAsync(container: "download");
        var unknown = await Assert.ThrowsAsync<ContextException>(() => ResolveAsync(container: "no such"));

        Assert.Equal(("run1-a0-0", "download"), (request.Pod, request.Container));
        Assert.Equal((ContextError.NotFound, "container \"no such\" not found in pod run1-a0-0"), (unknown.Error, unknown.Message));
    }

    private async Task AssertNotFoundAsync(string message, uint attempt = 1)
    {
        var e = await Assert.ThrowsAsync<ContextException>(() => ResolveAsync(attempt: attempt));
        Assert.Equal((ContextError.NotFound, message), (e.Error, e.Message));
    }

    private Task PutAsync(Action<LogContextRecord>? change = null)
    {
        var record = Some.Record();
        change?.Invoke(record);
        return _host.Store.PutAsync(record, CancellationToken.None);
    }

    private async Task<TailRequest> ResolveAsync(ActionIdentifier? action = null, uint attempt = 1, string? container = null) =>
        (await _host.Get<AttemptContexts>().FindAsync(action ?? Some.Action(), attempt, new ContainerSelection(container is null ? [] : [container], AllPods: false), FollowMode.Auto, CancellationToken.None)).Logs[0];
}
