namespace RunLogs.Comparison.Report;

/// <summary>Bars beside their names, with lines at what must be reached and at what would be good.</summary>
internal static class BarPlot
{
    private const int Left = 250;
    private const int Wide = 400;
    private const int Step = 30;
    private const int Top = 64;

    public static string Draw(string title, IReadOnlyList<(string Name, double Value)> bars, params IReadOnlyList<(string Name, double Value)> guides)
    {
        var height = Top + (bars.Count * Step) + 16;
        var svg = new Svg(Left + Wide + 90, height);
        var most = bars.Concat(guides).Max(bar => bar.Value) * 1.02;
        svg.Text(16, 24, title, size: 16);
        for (var i = 0; i < bars.Count; i++)
        {
            var (y, wide) = (Top + (i * Step), bars[i].Value / most * Wide);
            svg.Text(Left - 10, y + 15, bars[i].Name, "end");
            svg.Box(Left, y, Math.Max(1, wide), Step - 9, Svg.Colours[0]);
            svg.Text(Left + Wide + 70, y + 15, Table.Number(bars[i].Value), "end");
        }

        foreach (var (name, value) in guides)
        {
            var x = Left + (value / most * Wide);
            svg.Line(x, Top - 8, x, height - 12, Svg.Ink, dashed: true);
            svg.Text(x, Top - 14, $"{name} {Table.Number(value)}", "middle", size: 12);
        }

        return svg.ToString();
    }
}
