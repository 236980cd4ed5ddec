using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>A log is whole when its end was seen, not when its stream ended.</summary>
public sealed class WholeLogTests : FakeClusterTests
{
    private const int StampLength = LogTimestamp.FormattedLength + 1;

    [Theory]
    [InlineData(FollowMode.Auto)]
    [InlineData(FollowMode.Never)]
    public async Task A_kubelet_that_goes_away_while_an_ended_log_is_read_cuts_it_nowhere_unnoticed(FollowMode follow)
    {
        var container = Pod.Container("c");
        container.Append(Some.Start, "one");
        container.Append(Some.Start, "one");
        container.Append(Some.Start, "one", newLine: false);
        container.Terminate();
        var length = (3 * (StampLength + "one".Length)) + 2;

        for (var bytes = 1; bytes < length; bytes++)
        {
            container.CutNextStreamAfter(bytes, clean: true);
            var refusal = await RefusedAsync(Request with { Follow = follow });
            Assert.Equal(LogStreamError.Unavailable, refusal.Error);
        }

        var (output, end) = await ReadAsync(Request with { Follow = follow });
        Assert.Equal(TailEnd.Complete, end);
        Assert.Equal(["one", "one", "one"], output.Texts);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3L)]
    public async Task A_kubelet_that_goes_away_while_the_log_of_a_running_container_is_read_once_cuts_it_nowhere_unnoticed(long? tail)
    {
        var container = Pod.Container("c");
        container.Append("one");
        container.Append("two");
        container.Append("tre");
        var request = Request with { Follow = FollowMode.Never, TailLines = tail };
        var length = 3 * (StampLength + "one\n".Length);

        for (var bytes = 1; bytes < length; bytes++)
        {
            // The readings before the one that counts are whole.
            for (var reading = 0; reading < (tail is null ? 1 : 2); reading++)
                container.CutNextStreamAfter(long.MaxValue);

            container.CutNextStreamAfter(bytes, clean: true);
            Assert.Equal(LogStreamError.Unavailable, (await RefusedAsync(request)).Error);
        }

        var (output, end) = await ReadAsync(request);
        Assert.Equal(TailEnd.Stopped, end);
        Assert.Equal(["one", "two", "tre"], output.Texts);
    }

    [Fact]
    public async Task Who_reads_a_running_container_once_is_not_held_by_what_it_writes_meanwhile()
    {
        var container = Pod.Container("c");
        container.Append("whole");
        container.AppendPart(Some.Start.Add(TimeSpan.FromSeconds(1)), "half a li");
        Assert.Equal(["whole"], (await ReadAsync(Request with { Follow = FollowMode.Never })).Output.Texts);

        container.Append(Some.Start.Add(TimeSpan.FromSeconds(2)), "ne");
        var (output, end) = await ReadAsync(Request with { Follow = FollowMode.Never });

        Assert.Equal(TailEnd.Stopped, end);
        Assert.Equal(["whole", "half a line"], output.Texts);
    }

    [Fact]
    public async Task A_kubelet_restart_at_the_moment_of_the_exit_does_not_end_the_tail_early()
    {
        var container = Pod.Container("c");
        container.Append("before");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        foreach (var stream in Api.Streams)
            stream.End();

        await Clock.Within(Api.StreamsClosedAsync());
        container.Append("written while the kubelet was away");
        container.Terminate();

        Assert.Equal("STREAM_ENDED", (await RefusedAsync(tail)).Reason);
        var (rest, end) = await ReadAsync(Request with { Since = output.Lines[0].Timestamp, Instance = output.Lines[0].Instance });
        Assert.Equal(TailEnd.Complete, end);
        Assert.Equal(["before", "written while the kubelet was away"], rest.Texts);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "x")]
    [InlineData(2, "xx")]
    [InlineData(9, "xxxx")]
    public async Task A_tail_of_equal_lines_is_whole_too(long tail, string lines)
    {
        var container = Pod.Container("c");
        container.Append(Enumerable.Range(0, 4).Select(_ => Some.Line("x", Some.Start)));
        container.Terminate();

        var (output, end) = await ReadAsync(Request with { TailLines = tail });

        Assert.Equal(TailEnd.Complete, end);
        Assert.Equal(lines, string.Concat(output.Texts));
    }

    [Fact]
    public async Task A_long_line_at_the_end_is_whole_only_with_its_last_entry()
    {
        var container = Pod.Container("c");
        container.Append(Some.Start, new string('x', 100_000));
        container.Terminate();

        container.CutNextStreamAfter(StampLength + (5 * 16 * 1024), clean: true);
        Assert.Equal("STREAM_ENDED", (await RefusedAsync(Start(Request, maxLineBytes: 1024).Tail)).Reason);

        Assert.Equal(TailEnd.Complete, (await ReadAsync(Request)).End);
    }

    [Theory]
    [InlineData(FollowMode.Auto)]
    [InlineData(FollowMode.Never)]
    public async Task A_log_collected_before_its_end_was_seen_again_is_handed_over(FollowMode follow)
    {
        var container = Pod.Container("c");
        container.Append("x");
        container.Terminate();
        var status = await StatusAsync();
        Pod.LogAnswers.Enqueue(FakeAnswer.Text(200, $"{Some.Start} x\n"));
        Pod.StatusAnswers.Enqueue(status);
        container.Collect();

        var (output, end) = await ReadAsync(Request with { Follow = follow });

        Assert.Equal(TailEnd.SourceGone, end);
        Assert.Equal(["x"], output.Texts);
    }

    [Fact]
    public async Task A_runtime_that_is_down_is_no_collected_log_of_a_running_container()
    {
        var container = Pod.Container("c");
        container.BodyText = $"unable to retrieve container logs for containerd://{container.ContainerId}";

        var refusal = await RefusedAsync(Request);

        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE"), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task Lines_written_during_termination_are_delivered()
    {
        Pod.RestartPolicy = "Always";
        var container = Pod.Container("c");
        container.Append("at work");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        Pod.DeletedAt = Some.Start;
        container.Append("got TERM");
        container.Append(Some.Start, "bye", newLine: false);
        container.Terminate(143);

        Assert.Equal(TailEnd.Complete, await Clock.Within(tail));
        Assert.Equal(["at work", "got TERM", "bye"], output.Texts);
    }

    [Fact]
    public async Task After_a_force_delete_new_requests_are_not_found_and_the_lines_that_still_come_are_delivered()
    {
        var container = Pod.Container("c");
        container.Append("before");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        Api.ForceDeletePod(Pod);
        Assert.Equal(LogStreamError.NotFound, (await RefusedAsync(Request)).Error);
        container.Append("two seconds later");
        await Clock.Within(output.LinesAsync(2));
        container.Terminate(137);

        Assert.Equal(TailEnd.SourceGone, await Clock.Within(tail));
        Assert.Equal(["before", "two seconds later"], output.Texts);
    }
}
