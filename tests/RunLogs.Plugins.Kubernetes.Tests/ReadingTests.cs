using System.Text;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Kubernetes.Tests;

public sealed class ReadingTests : FakeClusterTests
{
    [Fact]
    public async Task The_container_is_known_before_its_first_line()
    {
        Pod.Labels["run"] = "a0";
        var container = Pod.Container("c");
        var (output, _) = Start(Request);

        await Clock.Within(output.BatchesAsync(1));

        var facts = Assert.Single(output.Facts);
        Assert.Equal((Pod.Uid, "node-1", "a0"), (facts.PodUid, facts.Node, facts.Labels["run"]));
        Assert.Equal((container.StartedAt, null), (facts.StartedAt, facts.EndedAt));
        Assert.Equal(new ContainerInstance { RestartCount = 0, ContainerId = container.ContainerId }, Assert.Single(output.Instances));
        Assert.Empty(output.Lines);
    }

    [Fact]
    public async Task The_end_is_told_once_it_is_known()
    {
        var container = Pod.Container("c");
        container.Append("x");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        container.Terminate(at: Some.Time("2026-11-22T18:00:00Z"));
        await Clock.Within(tail);

        Assert.Equal([null, Some.Time("2026-11-22T18:00:00Z")], output.Facts.Select(facts => facts.EndedAt));
    }

    [Fact]
    public async Task A_running_container_is_followed_from_a_minute_before_its_start()
    {
        var container = Pod.Container("c");
        container.Append(Some.Time("2025-12-31T23:59:59.5Z"), "x");
        var (output, _) = Start(Request);

        await Clock.Within(output.LinesAsync(1));

        Assert.Equal(["/api/v1/namespaces/rig/pods/ticker/log?container=c&timestamps=true&follow=true&sinceTime=2025-12-31T23%3A58%3A59Z"], Api.LogRequests);
    }

    [Fact]
    public async Task Since_is_sent_as_a_whole_second()
    {
        Pod.Container("c").Append(Some.Time("2026-11-22T17:53:44.2Z"), "before");
        Pod.Container("c").Append(Some.Time("2026-11-22T17:53:44.7Z"), "after");

        var (output, _) = await ReadAsync(Request with { Since = Some.Time("2026-11-22T17:53:44.5Z"), Follow = FollowMode.Never });

        Assert.Equal(["after"], output.Texts);
        Assert.Equal(["/api/v1/namespaces/rig/pods/ticker/log?container=c&timestamps=true&sinceTime=2026-11-22T17%3A53%3A44Z"], Api.LogRequests);
    }

    [Fact]
    public async Task A_tail_of_short_lines_is_left_to_the_kubelet()
    {
        Pod.Container("c").Append(Some.Lines(5000));

        var (output, _) = await ReadAsync(Request with { TailLines = 3, Follow = FollowMode.Never });

        Assert.Equal(["line 4997", "line 4998", "line 4999"], output.Texts);
        Assert.All(Api.LogRequests, request => Assert.EndsWith("&tailLines=4", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tail_since_a_time_goes_on_with_what_comes_later()
    {
        var lines = Some.Lines(30);
        var container = Pod.Container("c");
        container.Append(lines[..20]);
        var (output, _) = Start(Request with { Since = lines[5].Timestamp, TailLines = 4 });
        await Clock.Within(output.LinesAsync(4));

        container.Append(lines[20..]);
        await Clock.Within(output.LinesAsync(14));

        Assert.Equal(lines[16..].Select(line => Encoding.UTF8.GetString(line.Text.Span)), output.Texts);
    }

    [Theory]
    [InlineData(FollowMode.Auto)]
    [InlineData(FollowMode.Never)]
    public async Task A_collected_log_is_not_found_and_no_line(FollowMode follow)
    {
        var container = Pod.Container("c");
        container.Append("x");
        container.Terminate();
        container.Collect();
        var (output, tail) = Start(Request with { Follow = follow });

        var refusal = await RefusedAsync(tail);

        Assert.Equal((LogStreamError.NotFound, "COLLECTED"), (refusal.Error, refusal.Reason));
        Assert.StartsWith("the log of the container was already removed from the node", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(output.Lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_cannot_follow_is_unavailable_after_the_lines_there_are(bool tls)
    {
        await UseAsync(tls);
        var container = Pod.Container("c");
        container.Append("x");
        container.BodyTextInsteadOfFollowing = "failed to create fsnotify watcher: too many open files";
        var (output, tail) = Start(Request);

        var refusal = await RefusedAsync(tail);

        Assert.Equal((LogStreamError.Unavailable, "NODE_EXHAUSTED", true), (refusal.Error, refusal.Reason, refusal.IsPause));
        Assert.Equal(["x"], output.Texts);
    }

    [Fact]
    public async Task Any_other_text_in_a_success_is_told_and_no_line()
    {
        Pod.Container("c").BodyText = "failed to try resolving symlinks in path \"/var/log/pods/rig_quiet/c/0.log\": \u001b[31mlstat: no such file or directory" + new string('x', 5000);
        var (output, tail) = Start(Request);

        var refusal = await RefusedAsync(tail);

        Assert.Equal((LogStreamError.Unavailable, "BAD_BODY"), (refusal.Error, refusal.Reason));
        Assert.Contains("failed to try resolving symlinks", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
        Assert.InRange(refusal.Message.Length, 200, 300);
        Assert.Empty(output.Lines);
    }

    [Fact]
    public async Task Text_with_a_line_feed_is_no_line_either_and_a_long_one_ends_the_read()
    {
        Pod.Container("c").BodyText = new string('y', 2_000_000);
        var (output, tail) = Start(Request);

        Assert.Equal("BAD_BODY", (await RefusedAsync(tail)).Reason);

        Pod.Container("c").BodyText = "rpc error: code = Unknown\n";
        Assert.Equal("BAD_BODY", (await RefusedAsync(Request)).Reason);
        Assert.Empty(output.Lines);
    }

    [Fact]
    public async Task Each_line_above_the_limit_is_announced_once()
    {
        Pod.Container("c").Append([Some.Line(new string('x', 5000)), Some.Line("short"), Some.Line(new string('y', 1025))]);
        var (output, tail) = Start(Request with { Follow = FollowMode.Never }, maxLineBytes: 1024);

        await Clock.Within(tail);

        Assert.Equal([LogNoticeKind.LineCut, LogNoticeKind.LineCut], output.Notices.Select(notice => notice.Kind));
    }

    [Fact]
    public async Task Invalid_bytes_in_a_long_line_stay_within_the_limit()
    {
        var bytes = Enumerable.Repeat((byte)0xFF, 10_000).ToArray();
        Pod.Container("c").Append([new WrittenLine(Some.Start, bytes), Some.Line("after")]);
        var (output, tail) = Start(Request with { Follow = FollowMode.Never }, maxLineBytes: 1024);

        await Clock.Within(tail);

        Assert.All(output.Lines, line => Assert.InRange(line.Bytes.Length, 1, 1024));
        Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(output.WholeLines()[0]));
        Assert.Equal("after", output.Texts[^1]);
    }

    [Fact]
    public async Task More_followers_than_one_connection_carries_all_get_their_lines()
    {
        await UseAsync(tls: true);
        var container = Pod.Container("c");
        await using var streamer = new KubernetesPlugin().Create(Some.PluginContext("Kubernetes", TimeProvider.System, new Dictionary<string, string?> { ["KubeConfig"] = Api.KubeConfigPath }));
        using var cancellation = new CancellationTokenSource();
        var outputs = Enumerable.Range(0, 130).Select(_ => new CollectingWriter()).ToArray();
        var tails = outputs.Select(output => streamer.TailLogsAsync(Request, output, cancellation.Token)).ToArray();
        await Api.StreamsOpenAsync(130).WaitAsync(FakeNode.Patience);

        container.Append("to all");
        await Task.WhenAll(outputs.Select(output => output.LinesAsync(1))).WaitAsync(FakeNode.Patience);
        await cancellation.CancelAsync();

        foreach (var tail in tails)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));

        await Api.StreamsClosedAsync().WaitAsync(FakeNode.Patience);
    }
}
