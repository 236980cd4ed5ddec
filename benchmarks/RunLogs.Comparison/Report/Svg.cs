using System.Globalization;
using System.Net;
using System.Text;

namespace RunLogs.Comparison.Report;

/// <summary>A picture with colours of its own, so that it can be read on a light and on a dark page.</summary>
internal sealed class Svg(int width, int height)
{
    public const string Ink = "#1f2933";
    public const string Faint = "#cbd2d9";
    public static readonly string[] Colours = ["#2f6fab", "#c2571a", "#3d8b53", "#8456a8"];

    private readonly StringBuilder _shapes = new();

    public void Text(double x, double y, string text, string anchor = "start", int size = 13, string colour = Ink) => _shapes.Append(
        CultureInfo.InvariantCulture, $"  <text x=\"{x:F1}\" y=\"{y:F1}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{WebUtility.HtmlEncode(text)}</text>\n");

    public void Box(double x, double y, double wide, double high, string colour) => _shapes.Append(
        CultureInfo.InvariantCulture, $"  <rect x=\"{x:F1}\" y=\"{y:F1}\" width=\"{wide:F1}\" height=\"{high:F1}\" fill=\"{colour}\"/>\n");

    public void Line(double x1, double y1, double x2, double y2, string colour, bool dashed = false, double thick = 1) => _shapes.Append(
        CultureInfo.InvariantCulture, $"  <line x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\" stroke=\"{colour}\" stroke-width=\"{thick}\"{(dashed ? " stroke-dasharray=\"5 4\"" : "")}/>\n");

    public void Dot(double x, double y, string colour) => _shapes.Append(CultureInfo.InvariantCulture, $"  <circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"4\" fill=\"{colour}\"/>\n");

    public override string ToString() =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"system-ui, sans-serif\">\n" +
        $"  <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n{_shapes}</svg>\n";
}
