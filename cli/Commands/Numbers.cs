using System.CommandLine.Parsing;
using System.Globalization;

namespace RunLogs.Cli.Commands;

/// <summary>Reads whole numbers, and says so when there is none.</summary>
internal static class Numbers
{
    public static int Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            result.AddError($"'{text}' is no whole number of 0 or more.");
        }

        return number;
    }
}
