using System.Text;
using System.Text.Unicode;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

public abstract partial class LogStreamerContractTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("   three before and two after  ")]
    [InlineData("\ttab")]
    [InlineData("nul \0 in the middle")]
    [InlineData("\u001b[31mred\u001b[0m")]
    [InlineData("10%\r20%\r30%")]
    [InlineData("\rstarts with a carriage return")]
    [InlineData("\v\f\u0085\u2028\u2029")]
    [InlineData("日本語 – Ünïcode – 🚀")]
    [InlineData("2026-11-22T17:53:44.488229600Z stdout F looks like a record")]
    public async Task Text_passes_untouched(string text)
    {
        await FinishedAsync(Some.Line("before"), Some.Line(text), Some.Line("after"));

        var output = await ReadOnceAsync(Node.Request(Container));

        Assert.Equal(["before", text, "after"], output.Texts);
    }

    [Fact]
    public async Task A_carriage_return_before_the_line_feed_belongs_to_the_line_end()
    {
        await FinishedAsync(Some.Line("one\r"), Some.Line("two\r"));

        var output = await ReadOnceAsync(Node.Request(Container));

        Assert.Equal(["one", "two"], output.Texts);
    }

    [Fact]
    public async Task Invalid_utf8_becomes_replacement_characters()
    {
        byte[] bytes = [(byte)'a', 0xFF, 0xFE, 0x80, (byte)'b', 0xC0, 0xAF, (byte)'c', 0xE2, 0x82];
        await FinishedAsync(new WrittenLine(Some.Start, bytes), Some.Line("after"));

        var output = await ReadOnceAsync(Node.Request(Container));

        Assert.Equal([Encoding.UTF8.GetString(bytes), "after"], output.Texts);
    }

    [Fact]
    public async Task Output_without_a_final_line_feed_keeps_that()
    {
        await FinishedAsync(Some.Line("whole"), Some.Line("no newline at end") with { NewLine = false });

        var (output, end) = await ReadAsync(Node.Request(Container));

        Assert.Equal(["whole", "no newline at end"], output.Texts);
        Assert.Equal([LineEnd.LineFeed, Node.KnowsOpenEnd ? LineEnd.None : LineEnd.LineFeed], output.Lines.Select(line => line.End));
        Assert.Equal(TailEnd.Complete, end);
    }

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData(200_000)]
    public async Task A_line_within_the_limit_comes_whole_with_its_first_timestamp(int length)
    {
        var text = LongText(length);
        await FinishedAsync(Some.Line("before"), Some.Line(text), Some.Line("after"));

        var output = await ReadOnceAsync(Node.Request(Container));

        Assert.Equal(["before", text, "after"], output.Texts);
        Assert.Equal(Some.Start, output.Lines[1].Timestamp);
    }

    [Theory]
    [InlineData(1024, 1_000)]
    [InlineData(1024, 1_024)]
    [InlineData(1024, 1_025)]
    [InlineData(1024, 100_000)]
    [InlineData(256 * 1024, 1024 * 1024)]
    [InlineData(1024 * 1024, 3_000_000)]
    public async Task A_line_above_the_limit_comes_in_parts_that_join_exactly(int limit, int length)
    {
        var text = LongText(length);
        await FinishedAsync(Some.Line("before"), Some.Line(text), Some.Line("after"));
        await using var streamer = Node.CreateStreamer(limit);

        var (output, _) = await ReadAsync(Node.Request(Container), streamer);

        Assert.Equal(["before", text, "after"], output.WholeLines().Select(Encoding.UTF8.GetString));
        Assert.All(output.Lines, line => Assert.True(line.Bytes.Length <= limit && Utf8.IsValid(line.Bytes), $"{line}"));
        var parts = output.Lines.Skip(1).SkipLast(1).ToArray();
        Assert.All(parts, part => Assert.Equal(Some.Start, part.Timestamp));
        Assert.All(parts.SkipLast(1), part => Assert.Equal(LineEnd.Continues, part.End));
        Assert.Equal(LineEnd.LineFeed, parts[^1].End);
        Assert.Equal(parts.Length > 1, length > limit);
    }

    // Sequences of one to four bytes, so that a cut at any fixed place would hit the middle of one.
    private static string LongText(int bytes)
    {
        var text = new StringBuilder();
        var length = 0;
        string[] alphabet = ["a", "é", "語", "🚀"];
        for (var i = 0; length < bytes; i++)
        {
            var next = alphabet[i % 4];
            var size = Encoding.UTF8.GetByteCount(next);
            next = length + size <= bytes ? next : "a";
            text.Append(next);
            length += Encoding.UTF8.GetByteCount(next);
        }

        return text.ToString();
    }
}
