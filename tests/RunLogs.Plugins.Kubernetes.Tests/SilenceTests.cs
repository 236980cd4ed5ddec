using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>The trap of a follow that goes mute and never ends: older kubelets stop following at a rotation, others with their node, without an error or an end.</summary>
public sealed class SilenceTests : FakeClusterTests
{
    // Longer than the first wait with what chance adds to it, and than what is granted to lines on their way.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    private FakeContainer Container => Pod.Container("c");

    [Fact]
    public async Task The_trap_of_a_follow_that_goes_mute_at_a_rotation_is_sprung_and_no_line_after_it_is_lost()
    {
        Container.Append("before");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));
        Api.Streams.Single().Mute();

        Container.Rotate();
        Container.Append("after");

        await AssertBrokenOffAsync(tail);
        Assert.Equal(["before"], output.Texts);
        var (again, _) = Start(Request with { Since = output.Lines[0].Timestamp, Instance = output.Lines[0].Instance });
        await Clock.Within(again.LinesAsync(1));
        Assert.Equal(["after"], again.Texts);
    }

    [Fact]
    public async Task The_end_of_a_container_whose_follow_went_mute_is_seen()
    {
        var (_, tail) = await FollowMutelyAsync();

        Container.Terminate();

        await AssertBrokenOffAsync(tail);
        Assert.Equal(TailEnd.Complete, (await ReadAsync(Request)).End);
    }

    [Fact]
    public async Task The_end_of_a_pod_whose_node_took_its_follow_along_is_seen()
    {
        var (_, tail) = await FollowMutelyAsync();

        Pod.LogAnswer = FakeAnswer.Status(500, "InternalError", "dial tcp 10.0.0.7:10250: connect: no route to host");
        Api.ForceDeletePod(Pod);

        await AssertBrokenOffAsync(tail);
    }

    [Fact]
    public async Task A_follow_of_no_earlier_lines_that_was_mute_from_the_start_is_found_when_the_log_grows()
    {
        Container.Append("before");
        var (output, tail) = Start(Request with { TailLines = 0 });
        await Clock.Within(output.BatchesAsync(1));
        Api.Streams.Single(stream => stream.IsOpen).Mute();
        await NextCheckAsync();
        // With the second one asked, the first one was answered.
        await NextCheckAsync();

        Container.Append("after");

        await AssertBrokenOffAsync(tail);
        Assert.Empty(output.Texts);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(0L, 1)]
    [InlineData(1L, 1)]
    public async Task A_quiet_container_is_asked_after_more_and_more_rarely_and_its_stream_stays(long? tailLines, int lines)
    {
        Container.Append("one");
        Container.Append("two");
        Container.AppendPart(Some.Start.Add(TimeSpan.FromSeconds(2)), "not whole y");
        var (output, tail) = Start(Request with { TailLines = tailLines });
        await Clock.Within(output.BatchesAsync(1));
        var waits = new List<TimeSpan>();
        for (var check = 0; check < 6; check++)
            waits.Add(await NextCheckAsync());

        Container.Append(Some.Start.Add(TimeSpan.FromSeconds(2)), "et");
        await Clock.Within(output.LinesAsync(lines));

        Assert.False(tail.IsCompleted);
        Assert.Single(Api.LogRequests, request => request.Contains("follow=true", StringComparison.Ordinal));
        Assert.InRange(waits[0], TimeSpan.FromSeconds(40), Long);
        Assert.InRange(waits[^1], TimeSpan.FromMinutes(6) - Long, TimeSpan.FromMinutes(10) + Long);
    }

    [Fact]
    public async Task A_rotation_after_which_nothing_was_written_yet_is_no_silence_to_break_off()
    {
        Container.Append("before");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));

        Container.Rotate();
        await NextCheckAsync();
        await NextCheckAsync();
        Container.Append("after");
        await Clock.Within(output.LinesAsync(2));

        Assert.False(tail.IsCompleted);
        Assert.Single(Api.LogRequests, request => request.Contains("follow=true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_api_that_does_not_answer_says_nothing_of_the_streams_it_still_brings()
    {
        Container.Append("one");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));
        Api.Answer = FakeAnswer.Text(503, "no server");

        await AdvanceUntilAsync(Api.PodRequestsAsync(Api.PodRequests.Count + 1));
        Api.Answer = null;
        Container.Append("two");
        await Clock.Within(output.LinesAsync(2));

        Assert.False(tail.IsCompleted);
    }

    [Fact]
    public async Task Two_hundred_quiet_containers_are_asked_after_a_few_at_a_time()
    {
        const int Followed = 200;
        const int MostAtOnce = 8;
        Container.Append("one");
        await using var streamer = ((KubernetesNode)Clock).CreateStreamer(new() { ["HeaderTimeout"] = "1.00:00:00" });
        using var cancellation = new CancellationTokenSource();
        var outputs = Enumerable.Range(0, Followed).Select(_ => new CollectingWriter()).ToList();
        var tails = outputs.Select(output => streamer.TailLogsAsync(Request, output, cancellation.Token)).ToList();
        await Clock.Within(Task.WhenAll(outputs.Select(output => output.LinesAsync(1))));
        Api.Flights.TakeMost();
        var before = Api.LogRequests.Count;

        // All their waits pass at one moment.
        Clock.Time.Advance(Long);
        await Clock.Within(Api.LogRequestsAsync(before + Followed));

        Assert.InRange(Api.Flights.TakeMost(), 1, MostAtOnce);
        Assert.All(tails, tail => Assert.False(tail.IsCompleted));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Clock.Within(Task.WhenAll(tails)));
    }

    private async Task<(CollectingWriter Output, Task<TailEnd> Tail)> FollowMutelyAsync()
    {
        Container.Append("one");
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(1));
        Api.Streams.Single().Mute();
        return (output, tail);
    }

    private async Task AssertBrokenOffAsync(Task<TailEnd> tail)
    {
        await AdvanceUntilAsync(tail);
        var refusal = await RefusedAsync(tail);
        Assert.Equal((LogStreamError.Unavailable, "STREAM_MUTE"), (refusal.Error, refusal.Reason));
    }

    private Task<TimeSpan> NextCheckAsync() => AdvanceUntilAsync(Api.LogRequestsAsync(Api.LogRequests.Count + 1));

    // Returns how far the clock went.
    private async Task<TimeSpan> AdvanceUntilAsync(Task asked)
    {
        var began = Clock.Time.GetUtcNow();
        while (!asked.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Clock.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(asked, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        }

        return Clock.Time.GetUtcNow() - began;
    }
}
