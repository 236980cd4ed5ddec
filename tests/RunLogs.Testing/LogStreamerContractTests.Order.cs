using RunLogs.Abstractions;

namespace RunLogs.Testing;

public abstract partial class LogStreamerContractTests
{
    [Fact]
    public async Task The_whole_log_comes_in_source_order_and_ends_complete()
    {
        var lines = Some.Lines(2500);
        await FinishedAsync(lines);

        var (output, end) = await ReadAsync(Node.Request(Container));

        Assert.Equal(TextsOf(lines), output.Texts);
        Assert.Equal(lines.Select(line => line.Timestamp), output.Lines.Select(line => line.Timestamp));
        Assert.All(output.Lines, line => Assert.Equal(LineEnd.LineFeed, line.End));
        Assert.All(output.Lines, line => Assert.Equal(LogOriginator.User, line.Originator));
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task The_streams_are_told_apart_where_the_source_can()
    {
        var lines = Some.Lines(9);
        await FinishedAsync(lines);

        var output = await ReadOnceAsync(Node.Request(Container));

        Assert.Equal(lines.Select(line => Node.KnowsStreams ? line.Stream : OutputStream.Unknown), output.Lines.Select(line => line.Stream));
    }

    [Fact]
    public async Task Equal_timestamps_and_equal_texts_are_all_kept()
    {
        var lines = Enumerable.Repeat(Some.Line("the same"), 700).ToArray();
        await FinishedAsync(lines);

        var output = await ReadOnceAsync(Node.Request(Container));

        Assert.Equal(TextsOf(lines), output.Texts);
        Assert.All(output.Lines, line => Assert.Equal(Some.Start, line.Timestamp));
    }

    [Fact]
    public async Task Timestamps_that_go_backwards_stay_in_source_order()
    {
        long[] offsets = [0, 5_000_000, 1_000_000, 1_000_001, 9_000_000_000, -4_500_000, 2_000_000];
        var lines = offsets.Select((offset, i) => Some.Line($"line {i}", new LogTimestamp(Some.Start.UnixNanoseconds + offset))).ToArray();
        await FinishedAsync(lines);

        var output = await ReadOnceAsync(Node.Request(Container));

        Assert.Equal(TextsOf(InSourceOrder(lines)), output.Texts);
        Assert.Equal(InSourceOrder(lines).Select(line => line.Timestamp), output.Lines.Select(line => line.Timestamp));
    }

    [Theory]
    [InlineData("2026-11-22T17:53:44Z")]
    [InlineData("2026-11-22T17:53:44.000000001Z")]
    [InlineData("2026-11-22T17:53:44.22908871Z")]
    [InlineData("2026-11-22T17:53:44.999999999Z")]
    public async Task Nanoseconds_are_exact(string time)
    {
        await FinishedAsync(Some.Line("x", Some.Time(time)));

        var output = await ReadOnceAsync(Node.Request(Container));

        Assert.Equal(Some.Time(time), Assert.Single(output.Lines).Timestamp);
    }

    [Fact]
    public async Task A_container_that_wrote_nothing_ends_complete_without_lines()
    {
        await FinishedAsync();
        if (!Node.KnowsSilence)
        {
            // What never wrote is not there, in a source that only has what was written.
            Assert.Equal(LogStreamError.NotFound, (await RefusedAsync(Node.Request(Container))).Error);
            return;
        }

        var (output, end) = await ReadAsync(Node.Request(Container));

        Assert.Empty(output.Lines);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task The_first_batch_names_the_instance_and_the_pod()
    {
        await FinishedAsync(Some.Lines(3));

        var output = await ReadOnceAsync(Node.Request(Container));

        Assert.Equal(Node.KnowsInstances ? 0 : null, output.Lines[0].Instance?.RestartCount);
        Assert.Equal(Node.KnowsPodUid ? Container.PodUid : null, output.Facts[0].PodUid);
    }

    [Fact]
    public async Task Several_tails_of_one_streamer_do_not_disturb_each_other()
    {
        var other = Container with { Pod = "other-a0-0", PodUid = "aaaaaaaa-0a4b-4a5e-9d3e-1f0c5b7a8e21" };
        await FinishedAsync(Some.Lines(1500));
        await Node.RunAsync(other, Some.Lines(1500, first: 5000));
        await Node.EndAsync(other);

        var tails = Enumerable.Range(0, 8).Select(i => ReadAsync(Node.Request(i % 2 == 0 ? Container : other))).ToArray();
        var results = await Task.WhenAll(tails).WaitAsync(FakeNode.Patience);

        for (var i = 0; i < results.Length; i++)
            Assert.Equal(TextsOf(Some.Lines(1500, i % 2 == 0 ? 0 : 5000)), results[i].Output.Texts);
    }
}
