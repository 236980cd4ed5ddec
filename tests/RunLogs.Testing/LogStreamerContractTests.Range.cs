using RunLogs.Abstractions;

namespace RunLogs.Testing;

public abstract partial class LogStreamerContractTests
{
    [Fact]
    public async Task Since_is_inclusive_to_the_nanosecond_and_gives_the_same_lines_again()
    {
        var lines = Some.Lines(20);
        await FinishedAsync(lines);
        var request = Node.Request(Container) with { Since = lines[7].Timestamp };

        var first = await ReadOnceAsync(request);
        var again = await ReadOnceAsync(request);
        var after = await ReadOnceAsync(request with { Since = new LogTimestamp(lines[7].Timestamp.UnixNanoseconds + 1) });

        Assert.Equal(TextsOf(lines[7..]), first.Texts);
        Assert.Equal(first.Texts, again.Texts);
        Assert.Equal(TextsOf(lines[8..]), after.Texts);
    }

    [Fact]
    public async Task Since_leaves_out_each_line_by_its_own_timestamp_alone()
    {
        long[] offsets = [0, 700, 300, 500, 900, 499, 501];
        var lines = offsets.Select((offset, i) => Some.Line($"line {i}", new LogTimestamp(Some.Start.UnixNanoseconds + offset))).ToArray();
        await FinishedAsync(lines);

        var output = await ReadOnceAsync(Node.Request(Container) with { Since = new LogTimestamp(Some.Start.UnixNanoseconds + 500) });

        Assert.Equal(TextsOf(InSourceOrder([lines[1], lines[3], lines[4], lines[6]])), output.Texts);
    }

    [Fact]
    public async Task Since_after_the_last_line_ends_complete_without_lines()
    {
        var lines = Some.Lines(5);
        await FinishedAsync(lines);

        var (output, end) = await ReadAsync(Node.Request(Container) with { Since = new LogTimestamp(lines[^1].Timestamp.UnixNanoseconds + 1) });

        Assert.Empty(output.Lines);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task Until_is_exclusive_to_the_nanosecond()
    {
        var lines = Some.Lines(20);
        await FinishedAsync(lines);
        var request = Node.Request(Container);

        var before = await ReadOnceAsync(request with { Until = lines[7].Timestamp });
        var with = await ReadOnceAsync(request with { Until = new LogTimestamp(lines[7].Timestamp.UnixNanoseconds + 1) });

        Assert.Equal(TextsOf(lines[..7]), before.Texts);
        Assert.Equal(TextsOf(lines[..8]), with.Texts);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(1200, 1200)]
    [InlineData(3000, 1500)]
    public async Task TailLines_gives_the_last_lines(int asked, int expected)
    {
        var lines = Some.Lines(1500);
        await FinishedAsync(lines);

        var output = await ReadOnceAsync(Node.Request(Container) with { TailLines = asked });

        Assert.Equal(TextsOf(lines[^expected..]), output.Texts);
    }

    [Fact]
    public async Task TailLines_counts_what_since_and_until_leave()
    {
        var lines = Some.Lines(50);
        await FinishedAsync(lines);
        var request = Node.Request(Container) with { Since = lines[10].Timestamp, Until = lines[30].Timestamp };

        var few = await ReadOnceAsync(request with { TailLines = 5 });
        var many = await ReadOnceAsync(request with { TailLines = 500 });

        Assert.Equal(TextsOf(lines[25..30]), few.Texts);
        Assert.Equal(TextsOf(lines[10..30]), many.Texts);
    }

    [Fact]
    public async Task TailLines_counts_whole_lines_and_not_their_parts()
    {
        var text = new string('x', 100_000);
        var lines = Enumerable.Range(0, 6).Select(i => Some.Line($"{i}{text}", new LogTimestamp(Some.Start.UnixNanoseconds + (i * 1_000_000L)))).ToArray();
        await FinishedAsync(lines);

        var output = await ReadOnceAsync(Node.Request(Container) with { TailLines = 2 });

        Assert.Equal(lines[4..].Select(line => line.Text.ToArray()), output.WholeLines());
    }

    [Fact]
    public async Task TailLines_0_of_a_followed_container_gives_only_what_comes_later()
    {
        await Node.RunAsync(Container, Some.Lines(5));
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Node.Request(Container) with { TailLines = 0 }, output, cancellation.Token);
        await Node.Within(output.BatchesAsync(1));

        await Node.AppendAsync(Container, Some.Lines(2, first: 5));
        await Node.Within(output.LinesAsync(2));

        Assert.Equal(["line 5", "line 6"], output.Texts);
        await AssertEndsWhenCancelledAsync(tail, cancellation);
    }
}
