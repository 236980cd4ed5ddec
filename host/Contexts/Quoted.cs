using System.Globalization;
using System.Text;

namespace RunLogs.Host.Contexts;

/// <summary>A client's value within a sentence: in quotes, bounded, and with nothing in it that a terminal would act on.</summary>
internal static class Quoted
{
    private const int MaxLength = 64;

    public static string Of(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            if (text.Length > MaxLength)
            {
                text.Append('…');
                break;
            }

            _ = rune.Value is '"' or '\\' ? text.Append('\\').Append(rune)
                : IsHidden(rune) ? text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}")
                : text.Append(rune);
        }

        return text.Append('"').ToString();
    }

    /// <summary>Whether a character steers a terminal or cannot be seen: control, format and line separators.</summary>
    public static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
