using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

public sealed class ArchiveEndTests : FilesTests
{
    private CollectingWriter Output { get; } = new();

    [Fact]
    public async Task With_a_recent_end_it_reads_until_the_minimum_has_passed_and_it_was_quiet()
    {
        await Tree.RunAsync(Container, Some.Lines(1));
        var tail = Tail(endedAgo: TimeSpan.Zero);
        await Output.LinesAsync(1).WaitAsync(FakeNode.Patience);

        // Lines come late, the last of them 50 s after the end: quiet is 80 s after the end at the earliest.
        await PassAsync(TimeSpan.FromSeconds(50));
        var last = Tree.Time.GetUtcNow();
        await Tree.AppendAsync(Container, Some.Lines(1, first: 1));
        var end = await Tree.Within(tail);

        Assert.Equal(TailEnd.Complete, end);
        Assert.Equal(2, Output.Lines.Count);
        AssertDrained(last, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Quiet_alone_does_not_end_it_before_the_minimum()
    {
        await Tree.RunAsync(Container, Some.Lines(1));
        var tail = Tail(endedAgo: TimeSpan.Zero);
        await Output.LinesAsync(1).WaitAsync(FakeNode.Patience);

        await PassAsync(TimeSpan.FromSeconds(58));
        Assert.False(tail.IsCompleted);

        Assert.Equal(TailEnd.Complete, await Tree.Within(tail));
        AssertDrained(Some.Now, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task With_an_end_beyond_the_lag_limit_one_read_is_enough()
    {
        await Tree.RunAsync(Container, Some.Lines(3));

        var end = await Tail(endedAgo: TimeSpan.FromMinutes(5.01)).WaitAsync(FakeNode.Patience);

        Assert.Equal(TailEnd.Complete, end);
        Assert.Equal(3, Output.Lines.Count);
    }

    [Theory]
    [InlineData(5.01, TailEnd.Complete)]
    [InlineData(5.0, TailEnd.Stopped)]
    [InlineData(0, TailEnd.Stopped)]
    public async Task Never_is_complete_only_beyond_the_lag_limit(double minutes, TailEnd expected)
    {
        await Tree.RunAsync(Container, Some.Lines(3));

        var end = await Tail(TimeSpan.FromMinutes(minutes), FollowMode.Never).WaitAsync(FakeNode.Patience);

        Assert.Equal(expected, end);
    }

    [Fact]
    public async Task Without_an_end_it_follows_until_cancelled()
    {
        await Tree.RunAsync(Container, Some.Lines(1));
        using var cancellation = new CancellationTokenSource();
        var tail = Streamer.TailLogsAsync(Tree.Request(Container), Output, cancellation.Token);
        await Output.LinesAsync(1).WaitAsync(FakeNode.Patience);

        Tree.Time.Advance(TimeSpan.FromHours(1));
        await Tree.AppendAsync(Container, Some.Lines(1, first: 1));
        await Tree.Within(Output.LinesAsync(2));

        Assert.False(tail.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task Without_an_end_until_is_one_but_the_log_may_go_on()
    {
        await Tree.RunAsync(Container, Some.Lines(5));
        var until = LogTimestamp.From(Some.Now);

        var end = await Tree.Within(Streamer.TailLogsAsync(Tree.Request(Container) with { Until = until }, Output, CancellationToken.None));

        Assert.Equal(TailEnd.Stopped, end);
        AssertDrained(Some.Now, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Files_that_appear_before_the_drain_is_over_are_read()
    {
        var tail = Tail(endedAgo: TimeSpan.Zero);
        await PassAsync(TimeSpan.FromSeconds(40));

        await Tree.RunAsync(Container, Some.Lines(3));

        Assert.Equal(TailEnd.Complete, await Tree.Within(tail));
        Assert.Equal(3, Output.Lines.Count);
    }

    [Fact]
    public async Task Files_that_never_appear_are_not_found_after_the_drain()
    {
        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => Tree.Within(Tail(endedAgo: TimeSpan.Zero)));

        Assert.Equal(LogStreamError.NotFound, refusal.Error);
        AssertDrained(Some.Now, TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(FollowMode.Never, 0.0)]
    [InlineData(FollowMode.Auto, 5.01)]
    [InlineData(FollowMode.Auto, null)]
    public async Task Missing_files_are_not_found_at_once_otherwise(FollowMode follow, double? endedMinutesAgo)
    {
        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => Tail(endedMinutesAgo is { } minutes ? TimeSpan.FromMinutes(minutes) : null, follow).WaitAsync(FakeNode.Patience));

        Assert.Equal(LogStreamError.NotFound, refusal.Error);
    }

    // Not before the time, and not only because the end lies beyond the lag limit by now.
    private void AssertDrained(DateTimeOffset from, TimeSpan atLeast)
    {
        Assert.True(Tree.Time.GetUtcNow() - from >= atLeast);
        Assert.True(Tree.Time.GetUtcNow() - Some.Now < TimeSpan.FromMinutes(4));
    }

    private Task<TailEnd> Tail(TimeSpan? endedAgo, FollowMode follow = FollowMode.Auto) => Streamer.TailLogsAsync(
        Tree.Request(Container) with { Follow = follow, EndedAt = endedAgo is { } ago ? LogTimestamp.From(Some.Now - ago) : null }, Output, CancellationToken.None);

    // The clock goes in steps, with time to read in each.
    private async Task PassAsync(TimeSpan duration)
    {
        var target = Tree.Time.GetUtcNow() + duration;
        var reached = new TaskCompletionSource();
        await using var timer = Tree.Time.CreateTimer(_ => reached.TrySetResult(), null, duration, Timeout.InfiniteTimeSpan);
        await Tree.Within(reached.Task);
        Assert.True(Tree.Time.GetUtcNow() >= target);
    }
}
