using System.Diagnostics;
using System.Xml.Linq;

namespace RunLogs.Comparison.Tests;

public sealed class QuickRunTests : IDisposable
{
    private readonly DirectoryInfo _docs = Directory.CreateTempSubdirectory("runlogs-docs-");

    [Fact]
    public async Task A_quick_run_checks_what_every_client_gets_and_reports_every_measure()
    {
        Programs.Require();
        await File.WriteAllTextAsync(Path.Combine(_docs.FullName, "performance.md"), "# Speed\nWords of a person.\n", TestContext.Current.CancellationToken);

        var code = await Comparison.RunAsync(["--quick", "--host", Programs.Host, "--docs", _docs.FullName], TestContext.Current.CancellationToken);

        Assert.Equal(0, code);
        var page = await File.ReadAllTextAsync(Path.Combine(_docs.FullName, "performance.md"), TestContext.Current.CancellationToken);
        Assert.StartsWith("# Speed\nWords of a person.\n", page, StringComparison.Ordinal);
        Assert.All(Comparison.Measures, measure => Assert.Contains($"<!-- end of {measure} -->", page, StringComparison.Ordinal));
        var pictures = _docs.GetFiles("performance/*.svg");
        Assert.Equal(7, pictures.Length);
        Assert.All(pictures, picture => Assert.Equal("svg", XDocument.Load(picture.FullName).Root!.Name.LocalName));
    }

    [Theory]
    [InlineData("--rounds", "0")]
    [InlineData("--lines", "1500")]
    [InlineData("speed")]
    public async Task A_word_that_means_nothing_ends_the_command_with_2(params string[] words)
    {
        var code = await Comparison.RunAsync(words, TestContext.Current.CancellationToken);

        Assert.Equal(2, code);
    }

    [Fact]
    public async Task A_program_that_is_missing_is_named_before_anything_is_measured()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "RunLogs.Comparison"), ["go"]) { RedirectStandardError = true };
        start.Environment["PATH"] = _docs.FullName;

        using var comparison = Process.Start(start)!;
        var errors = await comparison.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await comparison.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, comparison.ExitCode);
        Assert.Equal("The measure go needs kubectl, which is not on the PATH: install it, or name other measures.", errors.Trim());
    }

    public void Dispose() => _docs.Delete(recursive: true);
}
