using System.Globalization;
using System.Text;

namespace RunLogs.Comparison.Report;

/// <summary>A table in Markdown.</summary>
internal sealed class Table(params string[] head)
{
    private readonly StringBuilder _rows = new();

    public static string Number(double value) => value switch
    {
        double.NaN => "-",
        _ => value.ToString(Math.Abs(value) switch { >= 100 => "F0", >= 10 => "F1", >= 0.1 or 0 => "F2", _ => "F3" }, CultureInfo.InvariantCulture),
    };

    public static Table Of(IEnumerable<Figure> figures)
    {
        var table = new Table("measure", "seen", "at least", "aim", "");
        foreach (var figure in figures)
        {
            table.Add(figure.What, Number(figure.Value) + figure.Unit, Number(figure.AtLeast) + figure.Unit, Number(figure.Aim) + figure.Unit, figure.Verdict);
        }

        return table;
    }

    public void Add(params IEnumerable<string> cells) => _rows.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    public override string ToString() => $"| {string.Join(" | ", head)} |\n|{string.Concat(Enumerable.Repeat("---|", head.Length))}\n{_rows}";
}
