using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;
using RunLogs.Testing.Seam;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What the seam tests write is what makes seams hard.</summary>
public sealed class SeamScriptTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(2);

    [Fact]
    public void The_same_seed_gives_the_same_script()
    {
        var (one, again, other) = (Draw(1), Draw(1), Draw(2));

        Assert.Equal(one.Lines.Select(line => line.ToString()), again.Lines.Select(line => line.ToString()));
        Assert.Equal((one.LiveLines, one.PodEnd), (again.LiveLines, again.PodEnd));
        Assert.NotEqual(one.Lines.Select(line => line.Timestamp), other.Lines.Select(line => line.Timestamp));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Lines_are_as_hard_to_tell_apart_as_those_of_real_containers(int seed)
    {
        var script = Draw(seed);
        var (lines, times) = (script.Lines, script.Lines.Select(line => line.Timestamp).ToList());

        Assert.Equal(20_000, lines.Count);
        Assert.Single(times.GetRange(script.OneTimeFrom, SeamScript.LinesOfOneTime).Distinct());
        var back = times.Zip(times.Skip(1), (one, next) => one.UnixNanoseconds - next.UnixNanoseconds).ToList();
        Assert.InRange(back.Max(), 3_000_000, 5_000_000);
        Assert.True(back.Count(step => step == 0) > 2000);
        Assert.Contains(lines, line => line.Text.IsEmpty);
        Assert.Contains(lines, line => line.Text.Length > 16 * 1024);
        Assert.True(lines.Count(line => line.Text.Span.SequenceEqual("the same"u8)) > 2000);
        Assert.InRange(times[^1].UnixNanoseconds - script.Start.UnixNanoseconds, 5_000_000_000, 7_000_000_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_archive_is_late_and_has_milliseconds(int seed)
    {
        var script = Draw(seed);

        var behind = Enumerable.Range(0, 800).Select(i => TimeSpan.FromMilliseconds(10 * i))
            .Select(moment => script.WrittenBy(moment) - script.ArchivedBy(moment)).ToList();

        Assert.True(behind.TrueForAll(lines => lines >= 0));
        Assert.True(behind.Max() > 1000);
        Assert.Equal(0, script.WrittenBy(Duration + Lag) - script.ArchivedBy(Duration + Lag));
        Assert.Equal(Some.Time("2026-11-22T17:53:44.488Z"), SeamScript.Archived(Some.Line("one", Some.Time("2026-11-22T17:53:44.488229613Z"))).Timestamp);
    }

    private static SeamScript Draw(int seed) => SeamScript.Draw(seed, 20_000, FakeContainer.DefaultStart, Duration, Lag);
}
