using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>Containers that restart: each instance has a log of its own, and the node keeps the newest two.</summary>
public sealed class RestartTests : FakeClusterTests
{
    [Fact]
    public async Task A_follower_waits_through_the_back_off()
    {
        var (container, output, tail) = await FollowTheFirstInstanceAsync();

        container.Terminate(1);
        container.BackOff();
        var asked = Api.PodRequests.Count;
        await Clock.Within(Api.PodRequestsAsync(asked + 4));
        Assert.False(tail.IsCompleted);
        container.Restart();
        container.Append("life 1");
        await Clock.Within(output.LinesAsync(2));

        Assert.Equal(["life 0", "life 1"], output.Texts);
        Assert.Equal([0, 1], output.Lines.Select(line => line.Instance?.RestartCount));
        Assert.Equal([LogNoticeKind.InstanceRestarted], output.Notices.Select(notice => notice.Kind));
        Assert.Equal(2, Api.LogRequests.Count(request => request.Contains("follow=true", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_instance_that_ended_meanwhile_is_read_as_the_previous_one()
    {
        var (container, output, _) = await FollowTheFirstInstanceAsync();

        Pod.FreezeStatus();
        container.Restart();
        container.Append("life 1");
        container.Restart();
        container.Append("life 2");
        Pod.ThawStatus();
        await Clock.Within(output.LinesAsync(3));

        Assert.Equal(["life 0", "life 1", "life 2"], output.Texts);
        Assert.Contains(Api.LogRequests, request => request.Contains("previous=true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Instances_whose_log_is_gone_are_announced()
    {
        var (container, output, _) = await FollowTheFirstInstanceAsync();

        Pod.FreezeStatus();
        for (var life = 1; life <= 4; life++)
        {
            container.Restart();
            container.Append($"life {life}");
        }

        Pod.ThawStatus();
        await Clock.Within(output.LinesAsync(3));

        Assert.Equal(["life 0", "life 3", "life 4"], output.Texts);
        Assert.Contains(output.Notices, notice => notice.Kind == LogNoticeKind.LinesLost && notice.Message.Contains("2 of its instances", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_named_instance_whose_log_is_gone_is_not_found()
    {
        var container = Pod.Container("c");
        container.Restart();
        container.Restart();

        var refusal = await RefusedAsync(Request with { Instance = new ContainerInstance { RestartCount = 0 } });

        Assert.Equal((LogStreamError.NotFound, "COLLECTED"), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task An_instance_is_known_by_its_id_before_its_number()
    {
        var container = Pod.Container("c");
        container.Append("life 0");
        var id = container.ContainerId;
        container.Restart();
        container.Append("life 1");

        var (output, _) = await ReadAsync(Request with { Instance = new ContainerInstance { RestartCount = 1, ContainerId = id }, Follow = FollowMode.Never });

        Assert.Equal(["life 0", "life 1"], output.Texts);
        Assert.Equal(id, output.Lines[0].Instance?.ContainerId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restart_between_the_status_and_the_open_mislabels_no_line(bool named)
    {
        Pod.RestartPolicy = "Always";
        var container = Pod.Container("c");
        container.Append("life 0");
        var (old, id) = (await StatusAsync(), container.ContainerId);
        container.Restart();
        container.Append("life 1");
        Pod.StatusAnswers.Enqueue(old);

        var (output, _) = Start(Request with { Instance = named ? new ContainerInstance { ContainerId = id, RestartCount = 0 } : null });
        await Clock.Within(output.LinesAsync(2));

        Assert.Equal([("life 0", 0, id), ("life 1", 1, container.ContainerId)], output.Lines.Select(line => (line.Text, line.Instance!.RestartCount!.Value, line.Instance.ContainerId)));
    }

    [Fact]
    public async Task A_second_restart_before_the_previous_instance_is_opened_is_announced_and_the_newest_one_follows()
    {
        var (container, output, _) = await FollowTheFirstInstanceAsync();

        Pod.FreezeStatus();
        container.Restart();
        container.Append("life 1");
        container.Restart();
        container.Append("life 2");
        container.CollectPrevious();
        Pod.ThawStatus();
        await Clock.Within(output.LinesAsync(2));

        Assert.Equal(["life 0", "life 2"], output.Texts);
        Assert.Contains(output.Notices, notice => notice.Kind == LogNoticeKind.LinesLost && notice.Message.Contains("restart 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_previous_instance_that_was_collected_leaves_a_notice_and_the_next_one_follows()
    {
        var (container, output, _) = await FollowTheFirstInstanceAsync();

        Pod.FreezeStatus();
        container.Restart();
        container.CollectPrevious();
        container.Append("life 1");
        Pod.ThawStatus();
        await Clock.Within(output.LinesAsync(2));

        Assert.Equal(["life 0", "life 1"], output.Texts);
        Assert.Equal([LogNoticeKind.LinesLost, LogNoticeKind.InstanceRestarted], output.Notices.Select(notice => notice.Kind));
    }

    private async Task<(FakeContainer Container, CollectingWriter Output, Task<TailEnd> Tail)> FollowTheFirstInstanceAsync()
    {
        Pod.RestartPolicy = "Always";
        var container = Pod.Container("c");
        container.Append("life 0");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));
        return (container, output, tail);
    }
}
