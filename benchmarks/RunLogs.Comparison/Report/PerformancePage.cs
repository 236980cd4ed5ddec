namespace RunLogs.Comparison.Report;

/// <summary>The page with the results: each measure owns what stands between its two marks, people the rest.</summary>
internal sealed class PerformancePage(string folder)
{
    private readonly string _file = Path.Combine(folder, "performance.md");

    /// <summary>Puts a result in the place of the one before.</summary>
    public async Task WriteAsync(Section section, CancellationToken cancellationToken)
    {
        var pictures = Directory.CreateDirectory(Path.Combine(folder, "performance")).FullName;
        var page = File.Exists(_file) ? await File.ReadAllTextAsync(_file, cancellationToken) : "# Performance\n";
        foreach (var (name, picture) in section.Plots)
        {
            await File.WriteAllTextAsync(Path.Combine(pictures, name + ".svg"), picture, cancellationToken);
        }

        await File.WriteAllTextAsync(_file, Replace(page, section), cancellationToken);
    }

    public static string TextOf(Section section) => string.Join('\n', [
        .. section.Figures.Count > 0 ? [Table.Of(section.Figures).ToString()] : Array.Empty<string>(),
        section.Text,
        .. section.Plots.Keys.Select(name => $"![{section.Title}](performance/{name}.svg)\n"),
    ]);

    private static string Replace(string page, Section section)
    {
        var (begin, end) = ($"<!-- {section.Name} -->\n", $"<!-- end of {section.Name} -->\n");
        var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal), page.IndexOf(end, StringComparison.Ordinal));
        return from < 0 || to < from
            ? $"{page}\n## {section.Title}\n\n{begin}{TextOf(section)}{end}"
            : $"{page[..(from + begin.Length)]}{TextOf(section)}{page[to..]}";
    }
}
