using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>A name with placeholders such as {pod}: how an agent names its streams.</summary>
internal sealed class StreamTemplate
{
    // Text and placeholders by turns; the placeholders begin with a brace.
    private readonly string[] _parts;

    private StreamTemplate(string[] parts) => _parts = parts;

    public static StreamTemplate Empty { get; } = new([]);

    public static IReadOnlyList<string> Placeholders { get; } = ["cluster", "node", "namespace", "pod", "container", "containerId"];

    public static bool TryParse(string text, IReadOnlyList<string> allowed, [NotNullWhen(true)] out StreamTemplate? template, [NotNullWhen(false)] out string? fault)
    {
        (template, fault) = (null, null);
        var parts = new List<string>();
        for (var rest = text; rest.Length > 0;)
        {
            var open = rest.IndexOf('{', StringComparison.Ordinal);
            var close = rest.IndexOf('}', StringComparison.Ordinal);
            if (open != 0)
            {
                var literal = open < 0 ? rest : rest[..open];
                if (literal.Contains('}', StringComparison.Ordinal) || literal.Any(char.IsControl) || literal.Contains('*', StringComparison.Ordinal))
                {
                    fault = "a name has no '*', no control characters, and braces only around a placeholder.";
                    return false;
                }

                parts.Add(literal);
                rest = rest[literal.Length..];
                continue;
            }

            if (close < 0 || !allowed.Contains(rest[1..close], StringComparer.Ordinal))
            {
                fault = $"{(close < 0 ? rest : rest[..(close + 1)])} is none of {string.Join(" ", allowed.Select(name => $"{{{name}}}"))}.";
                return false;
            }

            parts.Add(rest[..close]);
            rest = rest[(close + 1)..];
        }

        template = new StreamTemplate([.. parts]);
        return true;
    }

    /// <summary>Whether a name of this form belongs to one pod.</summary>
    public bool NamesPod => Array.Exists(_parts, part => part == "{pod");

    /// <summary>The name as far as all its parts are known, and whether the pod stands in that.</summary>
    public (string Prefix, bool NamesPod) PrefixFor(Func<string, string?> known)
    {
        var name = new StringBuilder();
        var namesPod = false;
        foreach (var part in _parts)
        {
            if (Fill(part, known) is not { } text)
                break;

            name.Append(text);
            namesPod |= part == "{pod";
        }

        return (name.ToString(), namesPod);
    }

    /// <summary>What names of this form look like; what is not known is captured under its placeholder's name.</summary>
    public Regex PatternFor(Func<string, string?> known)
    {
        var pattern = new StringBuilder("^");
        foreach (var part in _parts)
        {
            pattern.Append(Fill(part, known) is { } text ? Regex.Escape(text)
                : part == "{containerId" ? "(?<containerId>[0-9a-f]{64})"
                : $"(?<{part[1..]}>[A-Za-z0-9.-]+?)");
        }

        // A prefix goes on only after something that cannot belong to its last name: main is not main-2.
        pattern.Append(_parts.LastOrDefault() switch
        {
            "{pod" or "{node" => "(?![A-Za-z0-9.-])",
            ['{', ..] => "(?![A-Za-z0-9-])",
            _ => "",
        });
        return new Regex(pattern.ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    private static string? Fill(string part, Func<string, string?> known) => part[0] == '{' ? known(part[1..]) : part;
}
