using System.Text;
using System.Text.Unicode;

namespace RunLogs.Abstractions.Tests;

public sealed partial class LogBatchTests
{
    [Fact]
    public void Entries_come_back_as_they_were_appended()
    {
        using var batch = new LogBatch();

        Assert.True(batch.TryAppend(new LogTimestamp(1), "first"u8, OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed));
        Assert.True(batch.TryAppend(LogTimestamp.None, ""u8, OutputStream.Stderr, LogOriginator.System, LineEnd.Continues));
        Assert.True(batch.TryAppend(new LogTimestamp(3), "drittè 🚀\r"u8, OutputStream.Unknown, LogOriginator.Unknown, LineEnd.None));

        Assert.Equal(["first", "", "drittè 🚀\r"], Texts(batch));
        Assert.Equal([1L, long.MinValue, 3L], batch.Entries.ToArray().Select(entry => entry.Timestamp.UnixNanoseconds));
        Assert.Equal([OutputStream.Stdout, OutputStream.Stderr, OutputStream.Unknown], batch.Entries.ToArray().Select(entry => entry.Stream));
        Assert.Equal([LogOriginator.User, LogOriginator.System, LogOriginator.Unknown], batch.Entries.ToArray().Select(entry => entry.Originator));
        Assert.Equal([LineEnd.LineFeed, LineEnd.Continues, LineEnd.None], batch.Entries.ToArray().Select(entry => entry.End));
        Assert.Equal(5 + 0 + 13, batch.ByteCount);
        Assert.True(batch.Footprint >= batch.ByteCount);
    }

    [Fact]
    public void A_new_batch_is_empty_and_occupies_nothing()
    {
        using var batch = new LogBatch();

        Assert.Equal((0, 0, 0, 0), (batch.Entries.Length, batch.ByteCount, batch.Footprint, batch.Notices.Count));
        Assert.Null(batch.Instance);
        Assert.Null(batch.Facts);
    }

    [Fact]
    public void It_is_full_at_its_lines()
    {
        using var batch = new LogBatch();
        for (var i = 0; i < LogBatch.MaxLines; i++)
        {
            Assert.True(Append(batch, $"line {i}"));
        }

        var bytes = batch.ByteCount;

        Assert.False(Append(batch, ""));
        Assert.Equal((LogBatch.MaxLines, bytes), (batch.Entries.Length, batch.ByteCount));
        Assert.Equal(Enumerable.Range(0, LogBatch.MaxLines).Select(i => $"line {i}"), Texts(batch));
    }

    [Fact]
    public void It_is_full_at_its_bytes_and_a_refused_text_changes_nothing()
    {
        using var batch = new LogBatch();
        Assert.True(Append(batch, new string('a', LogBatch.MaxBytes - 3)));

        Assert.False(Append(batch, "four"));
        Assert.True(Append(batch, "few"));
        Assert.False(Append(batch, "x"));
        Assert.True(Append(batch, ""));

        Assert.Equal(LogBatch.MaxBytes, batch.ByteCount);
        Assert.Equal([LogBatch.MaxBytes - 3, 3, 0], batch.Entries.ToArray().Select(entry => entry.Length));
    }

    [Fact]
    public void A_text_that_never_fits_is_the_callers_fault()
    {
        using var batch = new LogBatch();
        Assert.True(Append(batch, new string('a', LogBatch.MaxBytes)));
        using var empty = new LogBatch();

        Assert.Throws<ArgumentOutOfRangeException>(() => Append(empty, new string('a', LogBatch.MaxBytes + 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Append(batch, new string('a', LogBatch.MaxBytes + 1)));
    }

    [Fact]
    public void The_longest_entry_fits_an_empty_batch_whatever_its_bytes_grow_to()
    {
        using var batch = new LogBatch();
        var garbage = Enumerable.Repeat((byte)0xFF, LogBatch.MaxBytes).ToArray();

        Assert.True(batch.TryAppend(default, garbage, default, default, default));
        Assert.False(Append(batch, "x"));

        Assert.Equal(3 * garbage.Length, batch.ByteCount);
        Assert.Equal(batch.ByteCount, Assert.Single(batch.Entries.ToArray()).Length);
    }

    [Fact]
    public void Invalid_text_that_grows_past_the_limit_waits_for_the_next_batch()
    {
        using var batch = new LogBatch();
        Assert.True(Append(batch, new string('a', LogBatch.MaxBytes - 5)));

        Assert.False(batch.TryAppend(default, [0xFF, 0xFF], default, default, default));
        Assert.True(batch.TryAppend(default, [0xFF], default, default, default));
    }

    [Fact]
    public void Invalid_text_becomes_replacement_characters_exactly_as_the_runtime_does_it()
    {
        var random = new Random(3);
        byte[] telling = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF];
        for (var i = 0; i < 20_000; i++)
        {
            using var batch = new LogBatch();
            var text = new byte[random.Next(12)];
            random.GetItems(telling, text);

            Assert.True(batch.TryAppend(default, text, default, default, default));

            Assert.True(Utf8.IsValid(batch.TextOf(batch.Entries[0])));
            Assert.Equal(Encoding.UTF8.GetString(text), Encoding.UTF8.GetString(batch.TextOf(batch.Entries[0])));
        }
    }

    [Fact]
    public void Growth_keeps_what_was_there()
    {
        using var batch = new LogBatch();
        var random = new Random(5);
        var expected = new List<string>();
        for (var i = 0; i < 500; i++)
        {
            expected.Add(new string((char)('a' + (i % 26)), random.Next(2000)));
            Assert.True(Append(batch, expected[^1]));
        }

        Assert.Equal(expected, Texts(batch));
    }

    [Fact]
    public void Valid_text_is_appended_without_allocating_once_there_is_room()
    {
        using var batch = new LogBatch();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(Append(batch, new string('a', 100)));
        }

        var text = "a line of a log"u8;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
        {
            batch.TryAppend(default, text, OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static bool Append(LogBatch batch, string text) =>
        batch.TryAppend(default, Encoding.UTF8.GetBytes(text), OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed);

    private static List<string> Texts(LogBatch batch)
    {
        var texts = new List<string>();
        foreach (var entry in batch.Entries)
        {
            texts.Add(Encoding.UTF8.GetString(batch.TextOf(entry)));
        }

        return texts;
    }
}
