using System.Text;
using System.Text.Unicode;

namespace RunLogs.Abstractions.Tests;

public sealed partial class LogBatchTests
{
    [Fact]
    public void Entries_removed_from_the_front_leave_the_others_whole()
    {
        using var batch = new LogBatch();
        foreach (var text in new[] { "one", "two", "three", "four" })
        {
            Append(batch, text);
        }

        batch.RemoveFirst(0);
        batch.RemoveFirst(2);
        Assert.Equal(["three", "four"], Texts(batch));
        Assert.True(Append(batch, "five"));
        batch.RemoveFirst(1);

        Assert.Equal(["four", "five"], Texts(batch));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.RemoveFirst(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.RemoveFirst(-1));
        batch.RemoveFirst(2);
        Assert.Empty(Texts(batch));
    }

    [Fact]
    public void The_text_of_all_entries_has_a_line_feed_behind_each()
    {
        using var batch = new LogBatch();
        Assert.True(batch.Text.IsEmpty);

        string[] texts = ["one", "", new string('2', 9000), "part", "last"];
        for (var i = 0; i < texts.Length; i++)
        {
            var end = i == 3 ? LineEnd.Continues : i == 4 ? LineEnd.None : LineEnd.LineFeed;
            Assert.True(batch.TryAppend(default, Encoding.UTF8.GetBytes(texts[i]), default, default, end));
        }

        Assert.Equal(string.Concat(texts.Select(text => text + "\n")), Encoding.UTF8.GetString(batch.Text));
        batch.RemoveFirst(3);
        Assert.Equal("part\nlast\n", Encoding.UTF8.GetString(batch.Text));
        batch.RemoveFirst(2);
        Assert.True(batch.Text.IsEmpty);
    }

    [Fact]
    public void Notices_keep_their_order()
    {
        using var batch = new LogBatch();

        batch.Add(new LogNotice(LogNoticeKind.LinesLost, "Lines were rotated away.") { Lines = 3 });
        batch.Add(new LogNotice(LogNoticeKind.LineCut, "A line came in parts."));

        Assert.Equal([(LogNoticeKind.LinesLost, 3L), (LogNoticeKind.LineCut, 0L)], batch.Notices.Select(notice => (notice.Kind, notice.Lines)));
        Assert.Equal(0, batch.Entries.Length);
    }

    [Fact]
    public void A_disposed_batch_is_empty_and_can_be_disposed_again()
    {
        var batch = new LogBatch();
        Append(batch, "text");
        batch.Add(new LogNotice(LogNoticeKind.LineCut, "A line came in parts."));

        batch.Dispose();
        batch.Dispose();

        Assert.Equal((0, 0, 0, 0), (batch.Entries.Length, batch.ByteCount, batch.Footprint, batch.Notices.Count));
    }

    [Fact]
    public void A_second_dispose_gives_no_buffer_back_twice()
    {
        var first = new LogBatch();
        Append(first, new string('1', 5000));
        first.Dispose();
        first.Dispose();

        using var second = new LogBatch();
        using var third = new LogBatch();
        Append(second, new string('2', 5000));
        Append(third, new string('3', 5000));

        Assert.Equal(new string('2', 5000), Assert.Single(Texts(second)));
        Assert.Equal(new string('3', 5000), Assert.Single(Texts(third)));
    }

    [Fact]
    public void Disposed_batches_give_their_buffers_to_the_next_ones()
    {
        var text = new byte[100_000];
        Fill();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Fill();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 200);

        void Fill()
        {
            using var batch = new LogBatch();
            Assert.True(batch.TryAppend(default, text, default, default, default));
        }
    }

    [Fact]
    public void A_cut_of_valid_text_never_splits_a_character_and_takes_all_that_fits()
    {
        var random = new Random(9);
        Rune[] runes = [new('a'), new('é'), new('日'), new(0x1F680), new('\u0301'), new(0x10FFFF), new('\0')];
        for (var i = 0; i < 5000; i++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(random.GetItems(runes, random.Next(1, 20))));
            for (var limit = 4; limit <= text.Length + 2; limit++)
            {
                var cut = LogBatch.CutLength(text, limit);

                Assert.InRange(cut, Math.Min(text.Length, limit - 3), Math.Min(text.Length, limit));
                Assert.True(Utf8.IsValid(text.AsSpan(0, cut)) && Utf8.IsValid(text.AsSpan(cut)));
            }
        }
    }

    [Fact]
    public void Cuts_of_garbage_always_go_on_and_lose_nothing()
    {
        var random = new Random(13);
        for (var i = 0; i < 5000; i++)
        {
            var text = new byte[random.Next(1, 60)];
            random.NextBytes(text);
            if (i % 2 == 0)
            {
                text.AsSpan().Fill(0x80);
            }

            for (var limit = 1; limit <= 8; limit++)
            {
                var rest = text.AsSpan();
                var parts = new List<byte>();
                while (rest.Length > 0)
                {
                    var cut = LogBatch.CutLength(rest, limit);
                    Assert.InRange(cut, 1, limit);
                    parts.AddRange(rest[..cut]);
                    rest = rest[cut..];
                }

                Assert.Equal(text, parts);
            }
        }
    }

    [Fact]
    public void A_text_within_the_limit_is_not_cut()
    {
        Assert.Equal(0, LogBatch.CutLength(""u8, 4));
        Assert.Equal(4, LogBatch.CutLength("🚀"u8, 4));
        Assert.Equal(1, LogBatch.CutLength([0x80], 4));
        Assert.Equal(4, LogBatch.CutLength([0xF0, 0x9F, 0x9A, 0x80], 100));
    }
}
