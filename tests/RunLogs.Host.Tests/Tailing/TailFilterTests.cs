using System.Text;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

public sealed class TailFilterTests
{
    [Fact]
    public void A_batch_of_wanted_lines_is_passed_on_as_it_is()
    {
        using var batch = Some.Batch("an error", "error", "no error here");

        Assert.Same(batch, TailFilter.Containing("error").Apply(batch));
        Assert.Same(batch, TailFilter.Matching("err(or)+").Apply(batch));
    }

    [Fact]
    public void Only_lines_with_the_text_stay_and_the_notices_with_them()
    {
        using var batch = Some.Batch("größe 1", "grosse 2", "", "größe 3");
        batch.Instance = new ContainerInstance { RestartCount = 2 };
        batch.Facts = new ContainerFacts { Node = "n" };
        batch.Add(new LogNotice(LogNoticeKind.LineCut, "a line was cut"));

        using var kept = TailFilter.Containing("größe").Apply(batch);

        Assert.Equal(["größe 1", "größe 3"], Texts(kept));
        Assert.Equal((batch.Instance, batch.Facts, "a line was cut"), (kept.Instance, kept.Facts, Assert.Single(kept.Notices).Message));
    }

    [Theory]
    [InlineData("^ü+$", "ü|üü")]
    [InlineData("^$", "")]
    [InlineData("(?i)GRÖSSE", "grösse")]
    [InlineData("x{2,}", "xxxx")]
    public void Patterns_see_characters_not_bytes(string pattern, string wanted)
    {
        using var batch = Some.Batch("ü", "üü", "u", "", "größe", "grösse", "xxxx");

        using var kept = TailFilter.Matching(pattern).Apply(batch);

        Assert.Equal(wanted.Split('|'), Texts(kept));
    }

    [Fact]
    public void A_line_in_parts_is_matched_part_by_part()
    {
        using var batch = new LogBatch();
        batch.TryAppend(Some.Time, "begin er"u8, OutputStream.Unknown, LogOriginator.User, LineEnd.Continues);
        batch.TryAppend(Some.Time, "ror end"u8, OutputStream.Unknown, LogOriginator.User, LineEnd.LineFeed);

        using var none = TailFilter.Containing("error").Apply(batch);
        using var first = TailFilter.Containing("begin").Apply(batch);

        Assert.Empty(Texts(none));
        Assert.Equal(["begin er"], Texts(first));
    }

    [Theory]
    [InlineData("(")]
    [InlineData(@"(a)\1")]
    [InlineData("(?=a)")]
    [InlineData("((a{1000}){1000}){1000}")]
    public void What_cannot_be_matched_in_linear_time_is_refused(string pattern)
    {
        var refusal = Assert.ThrowsAny<ArgumentException>(() => TailFilter.Matching(pattern));

        Assert.NotEmpty(refusal.Message);
    }

    [Fact]
    public async Task What_is_left_out_moves_the_position_and_is_not_counted()
    {
        using var rig = new TailerRig(new ListedBackends(("Kubernetes", LogSourceKind.Live, ScriptedStreamer.Writing(TailEnd.Complete, "one", "two", "three"))));
        var sink = new CollectingSink();

        await rig.RunAsync(sink, TailPlan.Of(Some.Request()) with { Filter = TailFilter.Containing("t") });

        Assert.Equal(["two", "three"], sink.Lines);
        Assert.Equal((2, 8), (sink.Closing!.Lines, sink.Closing.Bytes));
        Assert.Equal(3, sink.Delivery!.Moves);
        Assert.Equal(3, sink.Delivery.PositionOf(0)!.Tail.Length);
    }

    private static List<string> Texts(LogBatch batch)
    {
        var texts = new List<string>();
        foreach (ref readonly var entry in batch.Entries)
        {
            texts.Add(Encoding.UTF8.GetString(batch.TextOf(entry)));
        }

        return texts;
    }
}
