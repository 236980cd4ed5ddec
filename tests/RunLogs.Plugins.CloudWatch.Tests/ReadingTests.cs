using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

public sealed class ReadingTests : CloudWatchTests
{
    [Fact]
    public async Task Empty_pages_are_no_end()
    {
        await FinishedAsync(Some.Lines(20));
        Node.Group.EmptyPages = 61;

        var end = await ReadAsync();

        Assert.Equal(TextsOf(Some.Lines(20)), Output.Texts);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task Last_lines_are_found_behind_empty_pages()
    {
        await FinishedAsync(Some.Lines(20));
        Node.Group.EmptyPages = 61;

        await ReadAsync(Node.Request(Container) with { TailLines = 3 });

        Assert.Equal(TextsOf(Some.Lines(20)[^3..]), Output.Texts);
    }

    [Fact]
    public async Task Empty_pages_without_end_are_an_incomplete_log()
    {
        await FinishedAsync(Some.Lines(2));
        Node.Group.EmptyPages = 1_000_000;

        var refusal = await RefusedAsync();

        Assert.Equal((LogStreamError.Unavailable, "INCOMPLETE"), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task Every_reading_names_both_bounds_and_ends_where_the_token_repeats()
    {
        await FinishedAsync(Some.Lines(30));
        Node.Group.PageEvents = 7;
        var request = Node.Request(Container) with { ContainerStart = Some.Start };

        await ReadAsync(request);

        var reads = Logs.Calls.Where(call => call.Operation == "GetLogEvents").ToArray();
        Assert.Equal(TextsOf(Some.Lines(30)), Output.Texts);
        Assert.All(reads, call => Assert.Equal(Some.Start.ToDateTimeOffset().AddSeconds(-60).ToUnixTimeMilliseconds(), (long?)call.Request["startTime"]));
        Assert.All(reads, call => Assert.True((long?)call.Request["endTime"] > request.EndedAt!.Value.ToDateTimeOffset().ToUnixTimeMilliseconds()));
        // One look at the stream, five pages, and the call whose token came back.
        Assert.Equal(7, reads.Length);
    }

    [Fact]
    public async Task A_token_that_expires_between_two_pages_opens_the_stream_where_it_was_read_last()
    {
        var lines = Enumerable.Range(0, 60).Select(i => Some.Line($"line {i}", new LogTimestamp(Some.Start.UnixNanoseconds + (i / 10 * 1_000_000L)))).ToArray();
        await FinishedAsync(lines);
        Node.Group.PageEvents = 7;
        var refused = 0;
        Logs.Before = call => call is { Operation: "GetLogEvents", Token: not null } && (int)call.Request["limit"]! > 1 && Interlocked.Increment(ref refused) % 3 == 2
            ? throw FakeServiceException.Invalid("The specified nextToken is invalid.")
            : Task.FromResult(false);

        var end = await ReadAsync();

        Assert.Equal(TextsOf(lines), Output.Texts);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task A_followed_container_goes_on_after_its_token_expired()
    {
        await Node.RunAsync(Container, Some.Lines(5));
        using var cancellation = new CancellationTokenSource();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), Output, cancellation.Token);
        await Node.Within(Output.LinesAsync(5));
        Logs.TokenLifetime = TimeSpan.FromSeconds(-1);

        await Node.AppendAsync(Container, Some.Lines(3, first: 5));
        await Node.Within(Output.LinesAsync(8));

        Assert.Equal(TextsOf(Some.Lines(8)), Output.Texts);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task What_a_page_repeats_of_the_one_before_comes_once()
    {
        await FinishedAsync(Some.Lines(50));
        (Node.Group.PageEvents, Node.Group.Overlap) = (9, 3);

        await ReadAsync();

        Assert.Equal(TextsOf(Some.Lines(50)), Output.Texts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Equal_lines_on_both_sides_of_a_pages_end_both_come(int overlap)
    {
        var lines = Some.Lines(40);
        for (var i = 1; i < lines.Length; i += 2)
            lines[i] = lines[i - 1];

        await FinishedAsync(lines);
        (Node.Group.PageEvents, Node.Group.Overlap) = (9, overlap);

        await ReadAsync();

        // Where repeats and equal lines come together, a line more is better than one less.
        Assert.Equal(TextsOf(lines).Distinct(), Output.Texts.Distinct());
        Assert.True(overlap > 0 ? Output.Lines.Count >= lines.Length : Output.Lines.Count == lines.Length);
        Assert.All(TextsOf(lines), text => Assert.True(Output.Texts.Count(other => other == text) >= 2));
    }

    [Fact]
    public async Task Lines_that_are_truly_equal_survive_every_page()
    {
        var lines = Enumerable.Repeat(Some.Line("the same"), 50).ToArray();
        await FinishedAsync(lines);
        Node.Group.PageEvents = 9;

        await ReadAsync();

        Assert.Equal(50, Output.Lines.Count);
    }

    [Fact]
    public async Task Events_that_come_late_are_read_in_the_drain_and_announced()
    {
        await Node.RunAsync(Container, Some.Lines(5));
        var tail = TailAsync(Node.Request(Container) with { EndedAt = LogTimestamp.From(Some.Now) });
        await Node.Within(Output.LinesAsync(5));

        var late = Some.Line("late", new LogTimestamp(Some.Start.UnixNanoseconds + 1_000_000));
        Put(ContainerAgent.Events(Container, new string('a', 64), 0, late));
        var end = await Node.Within(tail);

        Assert.Equal([.. TextsOf(Some.Lines(5)), "late"], Output.Texts);
        Assert.Equal(TailEnd.Complete, end);
        Assert.Contains(Output.Notices, notice => notice.Kind == LogNoticeKind.Inexact);
    }

    [Fact]
    public async Task Events_that_come_late_while_a_container_is_followed_are_read_within_a_minute()
    {
        await Node.RunAsync(Container, Some.Lines(5));
        using var cancellation = new CancellationTokenSource();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), Output, cancellation.Token);
        await Node.Within(Output.LinesAsync(5));

        Put(ContainerAgent.Events(Container, new string('a', 64), 0, Some.Line("late", new LogTimestamp(Some.Start.UnixNanoseconds + 1_000_000))));
        await Node.Within(Output.LinesAsync(6));

        Assert.Equal([.. TextsOf(Some.Lines(5)), "late"], Output.Texts);
        Assert.InRange(Node.Time.GetUtcNow() - Some.Now, TimeSpan.Zero, TimeSpan.FromSeconds(90));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task Late_events_before_the_last_lines_asked_for_stay_out()
    {
        await Node.RunAsync(Container, Some.Lines(300));
        var tail = TailAsync(Node.Request(Container) with { TailLines = 3, EndedAt = LogTimestamp.From(Some.Now) });
        await Node.Within(Output.LinesAsync(3));

        var end = await Node.Within(tail);

        Assert.Equal(TextsOf(Some.Lines(300)[^3..]), Output.Texts);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Theory]
    [InlineData(15_000)]
    [InlineData(25_000)]
    public async Task The_last_lines_of_a_long_log_are_counted_whatever_is_held_in_memory(int asked)
    {
        var filler = new string('x', 300);
        var lines = Enumerable.Range(0, 20_000).Select(i => Some.Line($"{i} {filler}", new LogTimestamp(Some.Start.UnixNanoseconds + (i * 1_000_000L)))).ToArray();
        await FinishedAsync(lines);

        await Node.WithinMinutes(TailAsync(Node.Request(Container) with { TailLines = asked }));

        Assert.Equal(TextsOf(lines.TakeLast(asked)), Output.Texts);
    }

    [Fact]
    public async Task An_empty_rest_after_since_is_no_error()
    {
        await FinishedAsync(Some.Lines(5));

        var end = await ReadAsync(Node.Request(Container) with { Since = LogTimestamp.From(Some.Now) });

        Assert.Empty(Output.Lines);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task A_stream_that_appears_in_the_drain_is_read()
    {
        var tail = TailAsync(Node.Request(Container) with { EndedAt = LogTimestamp.From(Some.Now) });
        await PassAsync(TimeSpan.FromSeconds(30));

        await Node.RunAsync(Container, Some.Lines(3));

        Assert.Equal(TailEnd.Complete, await Node.Within(tail));
        Assert.Equal(TextsOf(Some.Lines(3)), Output.Texts);
    }

    [Theory]
    [InlineData("no such group")]
    [InlineData("no such stream")]
    [InlineData("no event")]
    public async Task Nothing_at_all_is_not_found_after_the_drain(string what)
    {
        if (what == "no such group")
            Node.Settings["LogGroup"] = "/elsewhere";
        else if (what == "no event")
            Logs.Put(CloudWatchNode.LogGroup, Node.StreamOf(Container));

        var refusal = await RefusedAsync(Node.Request(Container) with { EndedAt = LogTimestamp.From(Some.Now) });

        Assert.Equal((LogStreamError.NotFound, "NOT_FOUND"), (refusal.Error, refusal.Reason));
        Assert.InRange(Node.Time.GetUtcNow() - Some.Now, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(3));
    }
}
