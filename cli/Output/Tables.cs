using Spectre.Console;

namespace RunLogs.Cli.Output;

/// <summary>Plain columns, for people and for awk alike.</summary>
internal static class Tables
{
    public static Table New(params IEnumerable<string> columns)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        return table;
    }

    public static void AddTextRow(this Table table, params IEnumerable<string> cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    public static void Print(Table table)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        // A file or another program gets whole rows, however long.
        console.Profile.Width = console.Profile.Out.IsTerminal ? console.Profile.Width : 10_000;
        console.Write(table);
    }
}
