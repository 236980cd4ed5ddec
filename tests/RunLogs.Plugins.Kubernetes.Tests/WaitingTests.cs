using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Kubernetes.Tests;

public sealed class WaitingTests : FakeClusterTests
{
    [Theory]
    [InlineData("ContainerCreating")]
    [InlineData("PodInitializing")]
    [InlineData("ErrImagePull")]
    public async Task A_follower_waits_for_the_start(string reason)
    {
        var container = Pod.Container("c");
        container.WaitToStart(reason);
        var (output, tail) = Start(Request);
        await Clock.Within(Api.PodRequestsAsync(3));
        Assert.Empty(output.Lines);

        container.Restart();
        container.Append("first");
        await Clock.Within(output.LinesAsync(1));
        container.Terminate();

        Assert.Equal(TailEnd.Complete, await Clock.Within(tail));
        Assert.Equal(["first"], output.Texts);
        Assert.Single(Api.LogRequests, request => request.Contains("follow=true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_follower_waits_for_a_node()
    {
        Pod.Node = null;
        var container = Pod.Container("c");
        container.WaitToStart();
        var (output, _) = Start(Request);
        await Clock.Within(Api.PodRequestsAsync(2));

        Pod.Node = "node-2";
        container.Restart();
        container.Append("first");
        await Clock.Within(output.LinesAsync(1));

        Assert.Equal("node-2", output.Facts[0].Node);
    }

    [Fact]
    public async Task A_follower_waits_while_an_init_container_runs()
    {
        Pod.InitContainer("prepare").Append("preparing");
        var container = Pod.Container("c");
        container.WaitToStart("PodInitializing");
        var (output, _) = Start(Request);
        await Clock.Within(Api.PodRequestsAsync(2));

        var init = await ReadAsync(Request with { Container = "prepare", Follow = FollowMode.Never });
        Pod.InitContainer("prepare").Terminate();
        container.Restart();
        container.Append("first");
        await Clock.Within(output.LinesAsync(1));

        Assert.Equal(["preparing"], init.Output.Texts);
        Assert.Equal(["first"], output.Texts);
    }

    [Fact]
    public async Task A_start_that_does_not_come_in_time_is_told_with_the_kubelets_reason()
    {
        Pod.Container("c").WaitToStart("ImagePullBackOff", "Back-off pulling image \"example.org/work:1\"");
        var began = Clock.Time.GetUtcNow();

        var refusal = await RefusedAsync(Start(Request, new() { ["HeaderTimeout"] = "1.00:00:00", ["WaitForStart"] = "00:00:20" }).Tail);

        Assert.Equal((LogStreamError.FailedPrecondition, "NOT_STARTED"), (refusal.Error, refusal.Reason));
        Assert.Contains("within 20 s: ImagePullBackOff: Back-off pulling image", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(Clock.Time.GetUtcNow() - began, TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(5));
        Assert.Empty(Api.LogRequests);
    }

    [Fact]
    public async Task Who_does_not_follow_gets_nothing_of_a_container_that_has_not_started()
    {
        Pod.Container("c").WaitToStart();

        var (output, end) = await ReadAsync(Request with { Follow = FollowMode.Never });

        Assert.Equal(TailEnd.Stopped, end);
        Assert.Empty(output.Lines);
        Assert.Empty(Api.LogRequests);
    }

    [Fact]
    public async Task A_pod_deleted_before_the_start_is_not_found()
    {
        Pod.Container("c").WaitToStart();
        var (_, tail) = Start(Request);
        await Clock.Within(Api.PodRequestsAsync(2));

        Api.DeletePod(Pod);

        Assert.Equal(LogStreamError.NotFound, (await RefusedAsync(tail)).Error);
    }

    [Fact]
    public async Task A_container_that_will_never_start_is_not_waited_for()
    {
        Pod.Container("c").WaitToStart("PodInitializing");
        (Pod.Phase, Pod.Reason) = ("Failed", "Evicted");

        var refusal = await RefusedAsync(Request);

        Assert.Equal((LogStreamError.FailedPrecondition, "NOT_STARTED"), (refusal.Error, refusal.Reason));
        Assert.Contains("Evicted", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kubelet_that_does_not_know_of_the_start_yet_is_unavailable()
    {
        Pod.Container("c").Append("x");
        Pod.LogAnswers.Enqueue(Testing.Kubernetes.FakeAnswer.Status(400, "BadRequest", "container \"c\" in pod \"ticker\" is waiting to start: ContainerCreating"));
        Pod.LogAnswers.Enqueue(Testing.Kubernetes.FakeAnswer.Text(204, ""));

        Assert.Equal((LogStreamError.Unavailable, "NOT_STARTED"), (await RefusedAsync(Request)) is var one ? (one.Error, one.Reason) : default);
        Assert.Equal((LogStreamError.Unavailable, "NOT_STARTED"), (await RefusedAsync(Request)) is var two ? (two.Error, two.Reason) : default);
    }
}
