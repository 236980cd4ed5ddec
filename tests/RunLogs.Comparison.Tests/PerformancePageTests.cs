using RunLogs.Comparison.Report;

namespace RunLogs.Comparison.Tests;

public sealed class PerformancePageTests : IDisposable
{
    private readonly DirectoryInfo _docs = Directory.CreateTempSubdirectory("runlogs-docs-");

    private string Page => Path.Combine(_docs.FullName, "performance.md");

    [Fact]
    public async Task A_section_replaces_what_stands_between_its_marks_alone()
    {
        await File.WriteAllTextAsync(Page, "before\n<!-- big -->\nold\n<!-- end of big -->\nafter\n", TestContext.Current.CancellationToken);
        var section = new Section("big", "Big", [new Figure("a figure", 12, " s", 20, 10, LessIsBetter: true)], "new\n", new Dictionary<string, string>());

        await new PerformancePage(_docs.FullName).WriteAsync(section, TestContext.Current.CancellationToken);

        var page = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);
        Assert.StartsWith("before\n<!-- big -->\n", page, StringComparison.Ordinal);
        Assert.EndsWith("\nnew\n<!-- end of big -->\nafter\n", page, StringComparison.Ordinal);
        Assert.Contains("| a figure | 12.0 s | 20.0 s | 10.0 s | reached |", page, StringComparison.Ordinal);
        Assert.DoesNotContain("old", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, false, "aim reached")]
    [InlineData(2, false, "reached")]
    [InlineData(1, false, "not reached")]
    [InlineData(double.NaN, false, "not reached")]
    [InlineData(0.5, true, "aim reached")]
    public void A_figure_is_judged_by_its_goals(double value, bool less, string verdict)
    {
        var figure = less ? new Figure("", value, "", 2, 1, LessIsBetter: true) : new Figure("", value, "", 1.5, 2.5);

        Assert.Equal(verdict, figure.Verdict);
    }

    public void Dispose() => _docs.Delete(recursive: true);
}
