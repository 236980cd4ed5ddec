using System.Globalization;

namespace RunLogs.Comparison.Report;

/// <summary>Lines over numbers of streams, both axes in powers of ten.</summary>
internal static class LinePlot
{
    private const int Left = 80;
    private const int Top = 60;
    private const int Wide = 560;
    private const int High = 280;
    private const int LegendStep = 150;

    public static string Draw(string title, string unit, IReadOnlyList<int> counts, IReadOnlyList<(string Name, double[] Values)> series)
    {
        var svg = new Svg(Left + Wide + 40, Top + High + 90);
        var values = series.SelectMany(one => one.Values).Where(value => value > 0).ToArray();
        var (low, high) = (Math.Floor(Math.Log10(values.Min())), Math.Ceiling(Math.Log10(values.Max()) + 0.001));
        svg.Text(16, 24, title, size: 16);
        svg.Text(16, 46, unit, size: 12);
        for (var power = low; power <= high; power++)
        {
            var y = Y(Math.Pow(10, power));
            svg.Line(Left, y, Left + Wide, y, Svg.Faint);
            svg.Text(Left - 8, y + 4, Math.Pow(10, power).ToString("0.####", CultureInfo.InvariantCulture), "end", size: 12);
        }

        foreach (var count in counts)
        {
            svg.Text(X(count), Top + High + 22, count.ToString("N0", CultureInfo.InvariantCulture), "middle", size: 12);
        }

        svg.Text(Left + (Wide / 2), Top + High + 44, "open follows, one line a second each", "middle", size: 12);
        for (var i = 0; i < series.Count; i++)
        {
            DrawLine(series[i].Values, Svg.Colours[i]);
            svg.Dot(Left + (i * LegendStep), Top + High + 70, Svg.Colours[i]);
            svg.Text(Left + (i * LegendStep) + 10, Top + High + 74, series[i].Name);
        }

        return svg.ToString();

        double X(int count) => Left + (Wide * Math.Log10((double)count / counts[0]) / Math.Max(0.001, Math.Log10((double)counts[^1] / counts[0])));

        double Y(double value) => Top + High - (High * (Math.Log10(Math.Max(value, 1e-9)) - low) / (high - low));

        void DrawLine(double[] points, string colour)
        {
            for (var i = 0; i < points.Length; i++)
            {
                svg.Dot(X(counts[i]), Y(points[i]), colour);
                if (i > 0)
                {
                    svg.Line(X(counts[i - 1]), Y(points[i - 1]), X(counts[i]), Y(points[i]), colour, thick: 2);
                }
            }
        }
    }
}
