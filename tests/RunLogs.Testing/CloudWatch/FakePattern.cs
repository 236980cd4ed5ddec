using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RunLogs.Testing.CloudWatch;

/// <summary>The service's filter patterns, as far as they are used: equal JSON fields, all of them, and words.</summary>
public static partial class FakePattern
{
    public static Func<string, bool> Parse(string? pattern)
    {
        if (string.IsNullOrWhiteSpace(pattern))
            return _ => true;

        if (!pattern.StartsWith('{'))
            return message => pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => message.Contains(word.Trim('"'), StringComparison.Ordinal));

        if (!Whole().IsMatch(pattern))
            throw FakeServiceException.Invalid("Invalid filter pattern");

        var conditions = Condition().Matches(pattern).Select(match => (Path: match.Groups["path"].Value.Split('.'), Value: Regex.Unescape(match.Groups["value"].Value))).ToArray();
        return message => Array.TrueForAll(conditions, condition => Field(message, condition.Path) == condition.Value);
    }

    private static string? Field(string message, string[] path)
    {
        try
        {
            var node = JsonNode.Parse(message);
            foreach (var name in path)
                node = (node as JsonObject)?[name];

            return node?.GetValueKind() == JsonValueKind.String ? (string?)node : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("""\(\$\.(?<path>[a-z_.]+) = "(?<value>(?:[^"\\*]|\\.)*)"\)""")]
    private static partial Regex Condition();

    [GeneratedRegex("""^\{ \(\$\.[a-z_.]+ = "(?:[^"\\*]|\\.)*"\)( && \(\$\.[a-z_.]+ = "(?:[^"\\*]|\\.)*"\))* \}$""")]
    private static partial Regex Whole();
}
