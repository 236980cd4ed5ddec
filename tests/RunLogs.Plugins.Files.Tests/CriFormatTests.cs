using System.Text;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

public sealed class CriFormatTests : FilesTests
{
    [Fact]
    public async Task Parts_are_joined_until_the_full_one_with_the_time_of_the_first()
    {
        await WriteRawAsync("""
            2026-11-22T17:53:44.1Z stdout P one 
            2026-11-22T17:53:44.2Z stdout P two 
            2026-11-22T17:53:44.3Z stdout F three
            2026-11-22T17:53:44.4Z stdout F four

            """);

        var output = await ReadOnceAsync();

        Assert.Equal(["one two three", "four"], output.Texts);
        Assert.Equal([Some.Time("2026-11-22T17:53:44.1Z"), Some.Time("2026-11-22T17:53:44.4Z")], output.Lines.Select(line => line.Timestamp));
    }

    [Fact]
    public async Task Interleaved_streams_are_joined_each_for_itself_in_the_order_of_completion()
    {
        await WriteRawAsync("""
            2026-11-22T17:53:44.1Z stdout P out
            2026-11-22T17:53:44.2Z stderr P err
            2026-11-22T17:53:44.3Z stderr F or
            2026-11-22T17:53:44.4Z stdout P put
            2026-11-22T17:53:44.5Z stderr F second
            2026-11-22T17:53:44.6Z stdout F .

            """);

        var output = await ReadOnceAsync();

        Assert.Equal(["error", "second", "output."], output.Texts);
        Assert.Equal([OutputStream.Stderr, OutputStream.Stderr, OutputStream.Stdout], output.Lines.Select(line => line.Stream));
    }

    [Theory]
    [InlineData("no record at all")]
    [InlineData("")]
    [InlineData("2026-11-22T17:53:44Z stdlog F x")]
    [InlineData("2026-11-22T17:53:44Z stdout X x")]
    [InlineData("2026-11-22T17:53:44Z stdout F")]
    [InlineData("2026-13-22T17:53:44Z stdout F x")]
    [InlineData("{\"log\":\"docker's own format\\n\",\"stream\":\"stdout\"}")]
    public async Task What_is_no_record_is_delivered_whole_without_a_time(string record)
    {
        await WriteRawAsync($"2026-11-22T17:53:44Z stdout F before\n{record}\n2026-11-22T17:53:44Z stdout F after\n");

        var output = await ReadOnceAsync();

        Assert.Equal(["before", record, "after"], output.Texts);
        Assert.True(output.Lines[1].Timestamp.IsNone);
        Assert.Equal(OutputStream.Unknown, output.Lines[1].Stream);
    }

    [Fact]
    public async Task Further_tags_and_offsets_are_understood()
    {
        await WriteRawAsync("2026-11-22T19:53:44.5+02:00 stderr F:more:tags text\n");

        var line = Assert.Single((await ReadOnceAsync()).Lines);

        Assert.Equal(("text", Some.Time("2026-11-22T17:53:44.5Z"), OutputStream.Stderr), (line.Text, line.Timestamp, line.Stream));
    }

    [Fact]
    public async Task A_record_without_its_line_feed_waits_until_it_is_whole()
    {
        await WriteRawAsync("2026-11-22T17:53:44Z stdout F one\n2026-11-22T17:53:45Z stdout F tw");
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Tree.Request(Container), output, cancellation.Token);
        await Tree.Within(output.LinesAsync(1));
        Tree.Time.Advance(TimeSpan.FromMinutes(1));

        await WriteRawAsync("o\n");
        await Tree.Within(output.LinesAsync(2));

        Assert.Equal(["one", "two"], output.Texts);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task A_record_without_its_line_feed_is_delivered_when_the_container_has_ended()
    {
        await WriteRawAsync("2026-11-22T17:53:44Z stdout F one\n2026-11-22T17:53:45Z stdout F torn");
        await Tree.EndAsync(Container);

        var output = await ReadOnceAsync();

        Assert.Equal(["one", "torn"], output.Texts);
    }

    [Fact]
    public async Task A_record_longer_than_any_buffer_comes_in_parts_that_join_exactly()
    {
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},"));
        await WriteRawAsync($"2026-11-22T17:53:44Z stdout F {text}\nno record {text}\n2026-11-22T17:53:45Z stdout F after\n");

        var output = await ReadOnceAsync();

        Assert.Equal([text, "no record " + text, "after"], output.WholeLines().Select(Encoding.UTF8.GetString));
        Assert.All(output.Lines, line => Assert.InRange(line.Bytes.Length, 0, 256 * 1024));
    }

    [Fact]
    public async Task Lines_of_the_other_stream_follow_a_line_in_parts()
    {
        await using var streamer = Tree.CreateStreamer(1024);
        var part = new string('x', 900);
        await WriteRawAsync(string.Concat(Enumerable.Range(0, 64).Select(i => $"2026-11-22T17:53:44Z stdout P {part}\n2026-11-22T17:53:45Z stderr F error {i}\n")));
        await WriteRawAsync("2026-11-22T17:53:46Z stdout F end\n2026-11-22T17:53:47Z stdout F after\n");

        var output = await ReadOnceAsync(Tree.Request(Container), streamer);

        var whole = output.WholeLines().Select(Encoding.UTF8.GetString).ToArray();
        var errors = Enumerable.Range(0, 64).Select(i => $"error {i}").ToArray();
        Assert.Equal(["error 0", string.Concat(Enumerable.Repeat(part, 64)) + "end", .. errors[1..], "after"], whole);
        Assert.Single(output.Notices, notice => notice.Kind == LogNoticeKind.LineCut);
    }

    [Fact]
    public async Task A_line_in_parts_is_broken_with_a_notice_when_too_much_waits_for_it()
    {
        await using var streamer = Tree.CreateStreamer(1024);
        var part = new string('x', 2000);
        await WriteRawAsync($"2026-11-22T17:53:44Z stdout P {part}\n");
        await WriteRawAsync(string.Concat(Enumerable.Range(0, 1500).Select(i => $"2026-11-22T17:53:45Z stderr F error {i}\n")));
        await WriteRawAsync("2026-11-22T17:53:46Z stdout F end\n");

        var output = await ReadOnceAsync(Tree.Request(Container), streamer);

        var whole = output.WholeLines().Select(Encoding.UTF8.GetString).ToArray();
        Assert.Equal([part, .. Enumerable.Range(0, 1500).Select(i => $"error {i}"), "end"], whole);
        Assert.Contains(output.Notices, notice => notice.Kind == LogNoticeKind.LineCut && notice.Message.Contains("broken", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1024 * 1024)]
    public async Task Bytes_that_grow_when_replaced_stay_within_the_limit(int limit)
    {
        await using var streamer = Tree.CreateStreamer(limit);
        var bytes = Enumerable.Repeat((byte)0xFF, 1_000_000).ToArray();
        await Tree.RunAsync(Container, new WrittenLine(Some.Start, bytes), Some.Line("after"));

        var output = await ReadOnceAsync(Tree.Request(Container), streamer);

        Assert.Equal([new string('\uFFFD', 1_000_000), "after"], output.WholeLines().Select(Encoding.UTF8.GetString));
        Assert.All(output.Lines, line => Assert.InRange(line.Bytes.Length, 0, limit));
    }
}
