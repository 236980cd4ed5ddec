using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>The real kubectl gets from the fake API what it was seen to get from a real cluster.</summary>
public abstract class KubectlAgreementTests(bool tls) : IAsyncLifetime
{
    private FakeKubernetesApi _api = null!;

    private static readonly string[] Log = ["one", "two", "three", "four"];

    public async ValueTask InitializeAsync()
    {
        Kubectl.Require();
        _api = await FakeKubernetesApi.StartAsync(tls);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_api is not null)
            await _api.DisposeAsync();
    }

    [Fact]
    public async Task Logs_of_a_finished_container_are_its_lines()
    {
        Finished();

        var answer = await LogsAsync("ticker");

        Assert.Equal(("one\ntwo\nthree\nfour\n", "", 0), answer);
    }

    [Fact]
    public async Task Following_a_finished_container_ends()
    {
        Finished();

        var answer = await LogsAsync("ticker", "-f");

        Assert.Equal(("one\ntwo\nthree\nfour\n", "", 0), answer);
    }

    [Fact]
    public async Task Timestamps_have_nine_digits_and_a_Z()
    {
        Finished();

        var answer = await LogsAsync("ticker", "--timestamps", "--tail=2");

        Assert.Equal(("2026-11-22T17:53:45.000000000Z three\n2026-11-22T17:53:46.220000000Z four\n", "", 0), answer);
    }

    [Theory]
    [InlineData("2026-11-22T17:53:44.9Z")]
    [InlineData("2026-11-22T17:53:44.999999999Z")]
    [InlineData("2026-11-22T19:53:44+02:00")]
    public async Task Since_has_the_precision_of_a_second(string time)
    {
        var container = Pod().Container("c");
        container.Append(Some.Time("2026-11-22T17:53:43.999999999Z"), "before");
        container.Append(Some.Time("2026-11-22T17:53:44.488229600Z"), "within");
        container.Append(Some.Time("2026-11-22T17:53:45Z"), "after");

        var answer = await LogsAsync("ticker", $"--since-time={time}");

        Assert.Equal(("within\nafter\n", "", 0), answer);
    }

    [Fact]
    public async Task The_tail_is_cut_before_the_time()
    {
        Finished();

        var answer = await LogsAsync("ticker", "--tail=3", "--since-time=2026-11-22T17:53:45Z");

        Assert.Equal(("three\nfour\n", "", 0), answer);
    }

    [Fact]
    public async Task No_tail_is_nothing()
    {
        Finished();

        var answer = await LogsAsync("ticker", "--tail=0");

        Assert.Equal(("", "", 0), answer);
    }

    [Fact]
    public async Task The_tail_counts_entries_of_16_KiB()
    {
        var container = Pod().Container("c");
        container.Append(Some.Start, new string('a', 40_000) + new string('b', 100));

        var whole = await LogsAsync("ticker");
        var tail = await LogsAsync("ticker", "--tail=1");

        Assert.Equal(new string('a', 40_000) + new string('b', 100) + "\n", whole.Output);
        Assert.Equal(whole.Output[(2 * 16_384)..], tail.Output);
    }

    [Fact]
    public async Task A_byte_limit_cuts_within_a_line()
    {
        Finished();

        var answer = await LogsAsync("ticker", "--limit-bytes=6");

        Assert.Equal(("one\ntw", "", 0), answer);
    }

    [Fact]
    public async Task A_last_line_without_a_line_feed_stays_without_one()
    {
        var container = Pod().Container("c");
        container.Append(Some.Start, "whole");
        container.Append(Some.Start, "no newline at end", newLine: false);
        container.Terminate();

        var answer = await LogsAsync("ticker");

        Assert.Equal(("whole\nno newline at end", "", 0), answer);
    }

    [Fact]
    public async Task Previous_is_the_instance_before()
    {
        var container = Finished();
        container.Restart();
        container.Append("again");

        var newest = await LogsAsync("ticker");
        var previous = await LogsAsync("ticker", "-p");

        Assert.Equal(("again\n", "", 0), newest);
        Assert.Equal(("one\ntwo\nthree\nfour\n", "", 0), previous);
    }

    [Fact]
    public async Task In_the_back_off_the_previous_instance_is_the_newest()
    {
        var container = Finished();
        container.BackOff();

        var newest = await LogsAsync("ticker");
        var previous = await LogsAsync("ticker", "-p");

        Assert.Equal(("one\ntwo\nthree\nfour\n", "", 0), newest);
        Assert.Equal(newest, previous);
    }

    [Fact]
    public async Task No_previous_instance_is_a_bad_request()
    {
        Finished();

        var answer = await LogsAsync("ticker", "-p");

        Assert.Equal(("", 1), (answer.Output, answer.ExitCode));
        Assert.Contains("(BadRequest): previous terminated container \"c\" in pod \"ticker\" not found", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_pod_is_not_found()
    {
        var answer = await LogsAsync("nope");

        Assert.Equal(("", 1), (answer.Output, answer.ExitCode));
        Assert.Contains("(NotFound): pods \"nope\" not found", answer.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ContainerCreating", "ContainerCreating")]
    [InlineData("PodInitializing", "PodInitializing")]
    [InlineData("ErrImagePull", "image can't be pulled")]
    [InlineData("ImagePullBackOff", "trying and failing to pull image")]
    public async Task A_container_that_waits_to_start_is_a_bad_request(string reason, string told)
    {
        Pod().Container("c").WaitToStart(reason);

        var answer = await LogsAsync("ticker", "-f");

        Assert.Equal(("", 1), (answer.Output, answer.ExitCode));
        Assert.Contains($"(BadRequest): container \"c\" in pod \"ticker\" is waiting to start: {told}", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unscheduled_pod_prints_nothing()
    {
        var pod = Pod();
        pod.Container("c").WaitToStart();
        pod.Node = null;

        var answer = await LogsAsync("ticker");

        Assert.Equal(("", "", 0), answer);
    }

    [Fact]
    public async Task A_missing_node_is_not_found_under_the_nodes_name()
    {
        var pod = Pod();
        pod.Container("c").Append("x");
        (pod.Node, pod.NodeIsMissing) = ("ghost", true);

        var answer = await LogsAsync("ticker");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("(NotFound): pods \"ghost\" not found", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forbidden_log_is_told_with_its_user()
    {
        var pod = Pod();
        pod.Container("c");
        pod.LogAnswer = FakeAnswer.Status(403, "Forbidden", "pods \"ticker\" is forbidden: User \"nobody\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"rig\"");

        var answer = await LogsAsync("ticker");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("(Forbidden): pods \"ticker\" is forbidden: User \"nobody\"", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_was_collected_is_text_in_a_success()
    {
        var container = Finished();
        container.Collect();

        var answer = await LogsAsync("ticker");

        Assert.Equal(($"unable to retrieve container logs for containerd://{container.ContainerId}", "", 0), answer);
    }

    [Fact]
    public async Task A_follower_gets_each_line_before_the_next_one_exists_and_ends_with_the_container()
    {
        var container = Pod().Container("c");
        using var kubectl = Kubectl.Start(_api, "-n", "rig", "logs", "-f", "ticker");

        foreach (var line in Log)
        {
            container.Append(line);
            Assert.Equal(line, await kubectl.Output.ReadLineAsync().WaitAsync(FakeNode.Patience));
        }

        container.Terminate();

        Assert.Equal(("", "", 0), await kubectl.EndAsync());
    }

    [Fact]
    public async Task A_follower_takes_a_kubelet_that_stops_for_the_end()
    {
        Pod().Container("c").Append("one");
        using var kubectl = Kubectl.Start(_api, "-n", "rig", "logs", "-f", "ticker");
        Assert.Equal("one", await kubectl.Output.ReadLineAsync().WaitAsync(FakeNode.Patience));

        _api.EndStreams();

        Assert.Equal(("", "", 0), await kubectl.EndAsync());
    }

    [Fact]
    public async Task A_follower_fails_when_the_stream_is_cut()
    {
        Pod().Container("c").Append("one");
        using var kubectl = Kubectl.Start(_api, "-n", "rig", "logs", "-f", "ticker");
        Assert.Equal("one", await kubectl.Output.ReadLineAsync().WaitAsync(FakeNode.Patience));

        _api.CutStreams();
        var answer = await kubectl.EndAsync();

        Assert.Equal(1, answer.ExitCode);
        Assert.StartsWith("error: ", answer.Errors, StringComparison.Ordinal);
    }

    private FakePod Pod() => _api.AddPod("rig", "ticker");

    private FakeContainer Finished()
    {
        var container = Pod().Container("c");
        string[] times = ["2026-11-22T17:53:44.488229600Z", "2026-11-22T17:53:44.488229600Z", "2026-11-22T17:53:45Z", "2026-11-22T17:53:46.22Z"];
        container.Append(Log.Zip(times, (text, time) => Some.Line(text, Some.Time(time))));
        container.Terminate();
        return container;
    }

    private Task<(string Output, string Errors, int ExitCode)> LogsAsync(params string[] arguments) => Kubectl.RunAsync(_api, ["-n", "rig", "logs", .. arguments]);
}
