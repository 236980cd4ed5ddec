using System.Text;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Kubernetes.Tests;

public sealed class EndTests : FakeClusterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_is_cut_is_unavailable_and_its_unfinished_line_is_dropped(bool tls)
    {
        await UseAsync(tls);
        var container = Pod.Container("c");
        container.Append("whole");
        container.Append(Some.Start, "half a li", newLine: false);
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        Api.CutStreams();
        var refusal = await RefusedAsync(tail);

        Assert.Equal((LogStreamError.Unavailable, "STREAM_CUT"), (refusal.Error, refusal.Reason));
        Assert.Equal(["whole"], output.Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clean_end_while_the_container_runs_is_unavailable_and_its_unfinished_line_is_dropped(bool tls)
    {
        await UseAsync(tls);
        var container = Pod.Container("c");
        container.Append("whole");
        container.Append(Some.Start, "half a li", newLine: false);
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        Api.EndStreams();
        var refusal = await RefusedAsync(tail);

        Assert.Equal((LogStreamError.Unavailable, "STREAM_ENDED"), (refusal.Error, refusal.Reason));
        Assert.Equal(["whole"], output.Texts);
        Assert.InRange(Api.PodRequests.Count, 3, 40);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_that_is_cut_three_times_can_be_read_on_without_a_gap_or_a_repeat(bool tls)
    {
        await UseAsync(tls);
        var lines = Enumerable.Range(0, 100_000).Select(i => Some.Line(i % 3 == 0 ? "the same" : $"line {i}", new LogTimestamp(Some.Start.UnixNanoseconds + (i / 7 * 1_000_003L)))).ToArray();
        var container = Pod.Container("c");
        container.Append(lines);
        container.Terminate();
        container.CutNextStreamAfter(1_000_001);
        container.CutNextStreamAfter(300_007);
        container.CutNextStreamAfter(40_009);

        List<ReceivedLine> read = [];
        var cuts = 0;
        for (var end = (TailEnd?)null; end is null;)
        {
            // As the host does: from a whole second on, without the lines of it that were delivered.
            var since = read.Count > 0 ? LogTimestamp.FromUnixSeconds(read[^1].Timestamp.UnixSeconds) : (LogTimestamp?)null;
            var (output, tail) = Start(Request with { Since = since, Instance = read.Count > 0 ? read[^1].Instance : null });
            try
            {
                end = await Clock.Within(tail);
            }
            catch (LogStreamException cut) when (cut.Reason == "STREAM_CUT")
            {
                cuts++;
            }

            read.AddRange(output.Lines.Skip(read.Count(line => line.Timestamp >= since)));
        }

        Assert.Equal(3, cuts);
        Assert.Equal(lines.Select(line => (line.Timestamp, Encoding.UTF8.GetString(line.Text.Span))), read.Select(line => (line.Timestamp, line.Text)));
    }

    [Fact]
    public async Task A_status_that_lags_behind_the_end_is_waited_for()
    {
        var container = Pod.Container("c");
        container.Append("whole");
        container.Append(Some.Start, "the end", newLine: false);
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        Pod.FreezeStatus();
        container.Terminate();
        await Clock.Within(Api.PodRequestsAsync(3));
        Pod.ThawStatus();

        Assert.Equal(TailEnd.Complete, await Clock.Within(tail));
        Assert.Equal(["whole", "the end"], output.Texts);
        Assert.Equal(LineEnd.None, output.Lines[^1].End);
    }

    [Fact]
    public async Task A_pod_made_again_under_the_same_name_is_another_source()
    {
        Pod.Container("c").Append("old");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        var old = Pod;
        Api.AddPod("rig", "ticker").Container("c").Append("new");
        foreach (var stream in Api.Streams.Where(stream => stream.Pod == old))
            stream.End();

        Assert.Equal(TailEnd.SourceGone, await Clock.Within(tail));
        Assert.Equal(["old"], output.Texts);
    }

    [Theory]
    [InlineData("Never", 1)]
    [InlineData("OnFailure", 0)]
    public async Task A_container_that_is_not_restarted_is_complete(string policy, int exitCode)
    {
        Pod.RestartPolicy = policy;
        var container = Pod.Container("c");
        container.Append("x");
        container.Terminate(exitCode);

        var (_, end) = await ReadAsync(Request);

        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task A_container_of_a_pod_that_is_being_deleted_is_not_restarted()
    {
        Pod.RestartPolicy = "Always";
        var container = Pod.Container("c");
        container.Append("x");
        var (_, tail) = Start(Request);
        await Clock.Within(Api.StreamsOpenAsync(1));

        Pod.DeletedAt = Some.Start;
        container.Terminate(143);

        Assert.Equal(TailEnd.Complete, await Clock.Within(tail));
    }

    [Fact]
    public async Task A_pod_deleted_during_the_back_off_is_gone()
    {
        Pod.RestartPolicy = "Always";
        var container = Pod.Container("c");
        container.Append("x");
        container.Terminate(1);
        container.BackOff();
        var (_, tail) = Start(Request);
        await Clock.Within(Api.PodRequestsAsync(3));

        Api.DeletePod(Pod);

        Assert.Equal(TailEnd.SourceGone, await Clock.Within(tail));
    }

    [Fact]
    public async Task A_limit_in_time_that_passes_stops_a_follower()
    {
        Pod.Container("c").Append("x");
        var (output, tail) = Start(Request with { Until = LogTimestamp.From(Clock.Time.GetUtcNow().AddSeconds(60)) });
        await Clock.Within(output.LinesAsync(1));

        Assert.Equal(TailEnd.Stopped, await Clock.Within(tail));
        await Clock.Within(Api.StreamsClosedAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_closes_the_upstream(bool tls)
    {
        await UseAsync(tls);
        Pod.Container("c").Append("x");
        await using var streamer = new KubernetesPlugin().Create(Some.PluginContext("Kubernetes", TimeProvider.System, new Dictionary<string, string?> { ["KubeConfig"] = Api.KubeConfigPath }));
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = streamer.TailLogsAsync(Request, output, cancellation.Token);
        await output.LinesAsync(1).WaitAsync(FakeNode.Patience);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
        await Api.Streams.Single().ClosedByClient.WaitAsync(FakeNode.Patience);
    }
}
