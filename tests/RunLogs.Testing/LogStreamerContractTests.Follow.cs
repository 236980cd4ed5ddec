using RunLogs.Abstractions;

namespace RunLogs.Testing;

public abstract partial class LogStreamerContractTests
{
    [Fact]
    public async Task Each_line_arrives_before_the_next_one_exists()
    {
        var lines = Some.Lines(20);
        await Node.RunAsync(Container, lines[..1]);
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), output, cancellation.Token);

        for (var i = 1; i <= lines.Length; i++)
        {
            await Node.Within(output.LinesAsync(i));
            Assert.Equal(TextsOf(lines[..i]), output.Texts);
            if (i < lines.Length)
                await Node.AppendAsync(Container, lines[i]);
        }

        await AssertEndsWhenCancelledAsync(tail, cancellation);
    }

    [Fact]
    public async Task Never_gives_what_a_running_container_has_written_and_stops()
    {
        var lines = Some.Lines(30);
        await Node.RunAsync(Container, lines);

        var (output, end) = await ReadAsync(Node.Request(Container) with { Follow = FollowMode.Never });

        Assert.Equal(TextsOf(lines), output.Texts);
        Assert.Equal(TailEnd.Stopped, end);
    }

    [Fact]
    public async Task Never_of_a_container_that_ended_is_complete()
    {
        await FinishedAsync(Some.Lines(30));

        var (output, end) = await ReadAsync(Node.Request(Container) with { Follow = FollowMode.Never });

        Assert.Equal(30, output.Lines.Count);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task Auto_goes_on_into_the_next_instance()
    {
        var lines = Some.Lines(40);
        await Node.RunAsync(Container, lines[..10]);
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), output, cancellation.Token);
        await Node.Within(output.LinesAsync(10));

        await Node.RestartAsync(Container, lines[10..30]);
        await Node.Within(output.LinesAsync(30));
        await Node.AppendAsync(Container, lines[30..]);
        await Node.Within(output.LinesAsync(40));

        Assert.Equal(TextsOf(lines), output.Texts);
        Assert.Equal(Node.KnowsInstances ? [.. Enumerable.Repeat<int?>(0, 10), .. Enumerable.Repeat<int?>(1, 30)] : Enumerable.Repeat<int?>(null, 40), output.Lines.Select(line => line.Instance?.RestartCount));
        Assert.Equal(Node.KnowsInstances, output.Notices.Any(notice => notice.Kind == LogNoticeKind.InstanceRestarted));
        await AssertEndsWhenCancelledAsync(tail, cancellation);
    }

    [Fact]
    public async Task The_newest_instance_is_read_unless_another_is_asked()
    {
        var lines = Some.Lines(20);
        await Node.RunAsync(Container, lines[..8]);
        await Node.RestartAsync(Container, lines[8..]);
        await Node.EndAsync(Container);

        var output = await ReadOnceAsync(Node.Request(Container));

        // What cannot be told apart comes whole.
        Assert.Equal(TextsOf(Node.KnowsInstances ? lines[8..] : lines), output.Texts);
        Assert.All(output.Lines, line => Assert.Equal(Node.KnowsInstances ? 1 : null, line.Instance?.RestartCount));
    }

    [Fact]
    public async Task Previous_is_the_instance_before_the_newest_and_none_after_it()
    {
        var lines = Some.Lines(20);
        await Node.RunAsync(Container, lines[..8]);
        await Node.RestartAsync(Container, lines[8..]);
        if (!Node.KnowsInstances)
        {
            Assert.Equal(LogStreamError.FailedPrecondition, (await RefusedAsync(Node.Request(Container) with { Previous = true })).Error);
            return;
        }

        var (output, end) = await ReadAsync(Node.Request(Container) with { Previous = true });

        Assert.Equal(TextsOf(lines[..8]), output.Texts);
        Assert.All(output.Lines, line => Assert.Equal(0, line.Instance?.RestartCount));
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task Previous_of_a_container_that_never_restarted_is_refused()
    {
        await FinishedAsync(Some.Lines(3));

        var refusal = await RefusedAsync(Node.Request(Container) with { Previous = true });

        AssertOneOf(refusal.Error, LogStreamError.NotFound, LogStreamError.InvalidRequest, LogStreamError.FailedPrecondition);
    }

    [Fact]
    public async Task A_named_instance_is_read_and_then_those_after_it()
    {
        var lines = Some.Lines(20);
        await Node.RunAsync(Container, lines[..8]);
        await Node.RestartAsync(Container, lines[8..]);
        await Node.EndAsync(Container);

        var (output, end) = await ReadAsync(Node.Request(Container) with { Instance = new ContainerInstance { RestartCount = 0 } });

        Assert.Equal(TextsOf(lines), output.Texts);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task Cancellation_ends_a_tail_that_waits_for_lines()
    {
        await Node.RunAsync(Container, Some.Lines(3));
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), output, cancellation.Token);
        await Node.Within(output.LinesAsync(3));

        await AssertEndsWhenCancelledAsync(tail, cancellation);
    }

    [Fact]
    public async Task Cancellation_ends_a_tail_whose_reader_stands_still()
    {
        await Node.RunAsync(Container, Some.Lines(3000));
        using var cancellation = new CancellationTokenSource();
        var output = new FullWriter();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), output, cancellation.Token);
        await Node.Within(output.Waiting);

        await AssertEndsWhenCancelledAsync(tail, cancellation);

        Assert.Equal(0, output.Offered?.Footprint);
    }

    [Fact]
    public async Task A_cancelled_token_ends_the_call_before_anything_is_written()
    {
        await FinishedAsync(Some.Lines(3));
        var output = new CollectingWriter();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Streamer.TailLogsAsync(Node.Request(Container), output, new CancellationToken(true)).WaitAsync(FakeNode.Patience));

        Assert.Empty(output.Lines);
    }

    [Fact]
    public async Task A_writer_that_refuses_ends_the_call_and_every_refused_batch_is_disposed()
    {
        await Node.RunAsync(Container, Some.Lines(3000));
        var output = new RefusingWriter();

        var tail = Streamer.TailLogsAsync(Node.Request(Container), output, CancellationToken.None);
        await Assert.ThrowsAnyAsync<Exception>(() => Node.Within(tail));

        Assert.True(tail.IsCompleted, "The call went on after its writer had refused.");
        Assert.NotEmpty(output.Refused);
        Assert.All(output.Refused, batch => Assert.Equal(0, batch.Footprint));
    }

    [Fact]
    public async Task Disposing_the_streamer_ends_its_open_tails()
    {
        await Node.RunAsync(Container, Some.Lines(3));
        var streamer = Node.CreateStreamer();
        var output = new CollectingWriter();
        var stuck = new FullWriter();
        var waiting = streamer.TailLogsAsync(Node.Request(Container), output, CancellationToken.None);
        var blocked = streamer.TailLogsAsync(Node.Request(Container), stuck, CancellationToken.None);
        await Node.Within(output.LinesAsync(3));
        await Node.Within(stuck.Waiting);

        await streamer.DisposeAsync().AsTask().WaitAsync(FakeNode.Patience);

        // Never a TailEnd: the log did not end.
        await Assert.ThrowsAnyAsync<Exception>(() => waiting.WaitAsync(FakeNode.Patience));
        await Assert.ThrowsAnyAsync<Exception>(() => blocked.WaitAsync(FakeNode.Patience));
        Assert.True(waiting.IsCompleted && blocked.IsCompleted);
    }
}
