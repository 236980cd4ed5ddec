using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>What happens to nodes and API servers, and what a tail makes of it.</summary>
public sealed class RowTests : FakeClusterTests
{
    private const string Hang = "00:00:30";

    private static FakeAnswer Forbidden => FakeAnswer.Status(403, "Forbidden", "pods \"ticker\" is forbidden: User \"nobody\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"rig\"");

    [Fact]
    public async Task The_kubelets_limit_of_4_hours_is_a_clean_end_of_a_container_that_runs_and_the_tail_goes_on()
    {
        var container = Pod.Container("c");
        container.Append("one");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        Api.EndStreamsAtOnce();
        Assert.Equal("STREAM_ENDED", (await RefusedAsync(tail)).Reason);
        container.Append("two");
        container.Terminate();

        Assert.Equal(["one", "two"], (await ReadAsync(Request with { Since = output.Lines[0].Timestamp, Instance = output.Lines[0].Instance })).Output.Texts);
    }

    [Fact]
    public async Task A_hung_kubelet_gives_no_headers_and_answers_after_it_goes_on()
    {
        var container = Pod.Container("c");
        container.Append("x");
        container.Terminate();
        Api.Kubelet = FakeKubelet.Hung;

        var refusal = await RefusedAsync(Start(Request, new() { ["HeaderTimeout"] = Hang }).Tail);
        Api.Kubelet = FakeKubelet.Running;

        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE"), (refusal.Error, refusal.Reason));
        Assert.Equal(["x"], (await ReadAsync(Request)).Output.Texts);
    }

    [Fact]
    public async Task A_kubelet_that_hangs_within_a_stream_stalls_it_and_loses_nothing()
    {
        var container = Pod.Container("c");
        container.Append("before");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        Api.Kubelet = FakeKubelet.Hung;
        container.Append("meanwhile");
        Clock.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["before"], output.Texts);
        Assert.False(tail.IsCompleted);
        Api.Kubelet = FakeKubelet.Running;
        container.Append("after");
        await Clock.Within(output.LinesAsync(3));
        container.Terminate();

        Assert.Equal(TailEnd.Complete, await Clock.Within(tail));
        Assert.Equal(["before", "meanwhile", "after"], output.Texts);
        Assert.Single(Api.LogRequests, request => request.Contains("follow=true", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_etcd_is_down_a_status_is_reset_a_log_hangs_and_an_open_stream_goes_on(bool tls)
    {
        await UseAsync(tls);
        var container = Pod.Container("c");
        container.Append("before");
        var (output, _) = Start(Request);
        await Clock.Within(output.LinesAsync(1));
        var status = Pod.ToAnswer();

        Api.EtcdIsDown = true;
        container.Append("meanwhile");
        await Clock.Within(output.LinesAsync(2));
        var reset = await RefusedAsync(Request);
        Pod.StatusAnswer = status;
        var hung = await RefusedAsync(Start(Request, new() { ["HeaderTimeout"] = Hang }).Tail);

        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE", "the Kubernetes API of cluster default cannot be reached"), (reset.Error, reset.Reason, reset.Message));
        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE", "the Kubernetes API of cluster default did not answer within 30 s"), (hung.Error, hung.Reason, hung.Message));
        Assert.Equal(["before", "meanwhile"], output.Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_API_server_that_is_terminated_listens_no_more_and_cuts_open_streams_later(bool tls)
    {
        await UseAsync(tls);
        var container = Pod.Container("c");
        container.Append("before");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        await Api.TerminateAsync().WaitAsync(FakeNode.Patience);
        container.Append("in the minute that is left");
        await Clock.Within(output.LinesAsync(2));
        Assert.Equal("UNREACHABLE", (await RefusedAsync(Request)).Reason);
        await Api.KillAsync().WaitAsync(FakeNode.Patience);

        Assert.Equal((LogStreamError.Unavailable, "STREAM_CUT"), (await RefusedAsync(tail)) is var cut ? (cut.Error, cut.Reason) : default);
        await Api.RestartAsync();
        container.Terminate();
        Assert.Equal(["before", "in the minute that is left"], (await ReadAsync(Request)).Output.Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_right_that_is_removed_while_a_log_is_followed_stops_new_requests_only(bool accountIsDeleted)
    {
        var container = Pod.Container("c");
        container.Append("before");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        if (accountIsDeleted)
            Api.RequiredToken = "another";
        else
            (Pod.StatusAnswer, Pod.LogAnswer) = (Forbidden, Forbidden);

        container.Append("after");
        await Clock.Within(output.LinesAsync(2));
        Assert.Equal(LogStreamError.PermissionDenied, (await RefusedAsync(Request)).Error);
        Api.EndStreams();

        // Whether its container has ended nobody may ask any more.
        Assert.Equal(LogStreamError.PermissionDenied, (await RefusedAsync(tail)).Error);
    }

    [Fact]
    public async Task A_restart_of_the_runtime_leaves_open_streams_alone_and_refuses_new_ones_in_the_body()
    {
        var container = Pod.Container("c");
        container.Append("before");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        container.BodyText = $"unable to retrieve container logs for containerd://{container.ContainerId}";
        Assert.Equal("UNREACHABLE", (await RefusedAsync(Request)).Reason);
        container.Append("after");
        await Clock.Within(output.LinesAsync(2));
        container.BodyText = null;
        container.Terminate();

        Assert.Equal(TailEnd.Complete, await Clock.Within(tail));
        Assert.Equal(["before", "after"], output.Texts);
    }

    [Fact]
    public async Task A_container_that_cannot_be_run_has_an_empty_log()
    {
        var container = Pod.Container("c");
        container.Terminate(128);
        container.BackOff("RunContainerError", "exec: \"nope\": executable file not found in $PATH");
        Pod.RestartPolicy = "Always";

        var (output, end) = await ReadAsync(Request with { Follow = FollowMode.Never });
        var (later, _) = Start(Request);
        await Clock.Within(Api.PodRequestsAsync(10));
        container.Restart();
        container.Append("it runs now");
        await Clock.Within(later.LinesAsync(1));

        Assert.Equal(TailEnd.Stopped, end);
        Assert.Empty(output.Lines);
        Assert.Equal(["it runs now"], later.Texts);
    }

    [Fact]
    public async Task In_CrashLoopBackOff_the_log_and_the_previous_one_are_those_of_the_last_instance()
    {
        Pod.RestartPolicy = "Always";
        var container = Pod.Container("c");
        container.Append("crashed");
        container.Terminate(1);
        container.BackOff();

        var newest = await ReadAsync(Request with { Follow = FollowMode.Never });
        var previous = await ReadAsync(Request with { Previous = true });

        Assert.Equal(["crashed"], newest.Output.Texts);
        Assert.Equal(["crashed"], previous.Output.Texts);
    }

    [Fact]
    public async Task A_previous_instance_that_was_collected_is_not_found()
    {
        var container = Pod.Container("c");
        container.Append("crashed");
        container.Restart();
        container.Terminate(1);
        container.CollectPrevious();

        var refusal = await RefusedAsync(Request with { Previous = true });

        Assert.Equal((LogStreamError.NotFound, "COLLECTED"), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task A_follower_from_a_time_in_the_future_begins_with_it()
    {
        var container = Pod.Container("c");
        container.Append(Some.Time("2026-11-22T18:00:00Z"), "too early");
        var (output, _) = Start(Request with { Since = Some.Time("2026-11-22T19:00:00Z") });
        await Clock.Within(Api.StreamsOpenAsync(1));

        container.Append(Some.Time("2026-11-22T18:59:59.9Z"), "too early, too");
        container.Append(Some.Time("2026-11-22T19:00:00Z"), "now");
        await Clock.Within(output.LinesAsync(1));

        Assert.Equal(["now"], output.Texts);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(16_384)]
    public async Task A_time_within_a_long_line_leaves_the_rest_of_it_out(int part)
    {
        var container = Pod.Container("c");
        container.AppendPart(Some.Time("2026-11-22T17:53:44.9Z"), new string('a', part));
        for (var i = 0; i < 30; i++)
            container.AppendPart(Some.Time("2026-11-22T17:53:45.1Z"), new string('b', part));

        container.Append(Some.Time("2026-11-22T17:53:45.2Z"), "the rest");
        container.Append(Some.Time("2026-11-22T17:53:45.3Z"), "next");
        container.Terminate();

        var (output, tail) = Start(Request with { Since = Some.Time("2026-11-22T17:53:45Z") });

        Assert.Equal(TailEnd.Complete, await Clock.Within(tail));
        Assert.Equal(["next"], output.Texts);
    }

    [Theory]
    [InlineData("unable to retrieve container logs for containerd://x\n")]
    [InlineData("failed to create fsnotify watcher: too many open files\n")]
    [InlineData("something else")]
    public async Task The_kubelets_words_are_not_the_rest_of_a_line(string text)
    {
        var container = Pod.Container("c");
        container.BodyText = text;
        container.Terminate();

        await RefusedAsync(Request with { Since = Some.Start });
    }

    [Fact]
    public async Task The_follower_beyond_a_nodes_watchers_gets_the_lines_there_are_and_is_told()
    {
        Api.WatchersPerNode = 2;
        Pod.Container("c").Append("x");
        var followers = new[] { Start(Request), Start(Request) };
        foreach (var (output, _) in followers)
            await Clock.Within(output.LinesAsync(1));

        var (third, tail) = Start(Request);

        Assert.Equal("NODE_EXHAUSTED", (await RefusedAsync(tail)).Reason);
        Assert.Equal(["x"], third.Texts);
        Assert.All(followers, follower => Assert.False(follower.Tail.IsCompleted));
    }

    [Fact]
    public async Task Plain_http_to_the_TLS_port_is_told()
    {
        await UseAsync(tls: true);
        var settings = new Dictionary<string, string?> { ["KubeConfig"] = Path.Combine(Api.ScratchDirectory, "elsewhere") };
        await File.WriteAllTextAsync(settings["KubeConfig"]!, (await File.ReadAllTextAsync(Api.KubeConfigPath)).Replace("https:", "http:", StringComparison.Ordinal));

        var refusal = await RefusedAsync(Start(Request, settings).Tail);

        Assert.Equal((LogStreamError.Internal, "BAD_ANSWER"), (refusal.Error, refusal.Reason));
        Assert.Contains("400", refusal.Message, StringComparison.Ordinal);
    }
}
