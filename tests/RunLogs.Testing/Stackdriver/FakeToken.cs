using System.Text;

namespace RunLogs.Testing.Stackdriver;

/// <summary>A word, a string or a sign of the service's query language.</summary>
internal readonly record struct FakeToken(string Text, bool IsString)
{
    private const string Signs = "()=!<>:~.-";

    public static FakeToken End { get; } = new("", false);

    public bool IsWord => !IsString && Text.Length > 0 && !Signs.Contains(Text[0], StringComparison.Ordinal) && Text is not ("AND" or "OR" or "NOT");

    public bool Is(string text) => !IsString && Text == text;

    public static IEnumerable<FakeToken> Read(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (text.AsSpan(at).StartsWith("--"))
            {
                var feed = text.IndexOf('\n', at);
                at = feed < 0 ? text.Length : feed;
            }
            else if (c is '"' or '\'')
            {
                yield return new FakeToken(Unescape(text, ref at), true);
            }
            else if (Signs.Contains(c, StringComparison.Ordinal))
            {
                var length = at + 1 < text.Length && text.Substring(at, 2) is "!=" or "<=" or ">=" or "=~" or "!~" ? 2 : 1;
                yield return new FakeToken(text.Substring(at, length), false);
                at += length;
            }
            else
            {
                var start = at;
                // A word goes on over dashes and colons only where no sign could stand: names with them are quoted.
                while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '/' or '@'))
                    at++;

                if (at == start)
                    throw new FormatException($"Unparseable filter: '{c}' must stand in quotes.");

                yield return new FakeToken(text[start..at], false);
            }
        }
    }

    private static string Unescape(string text, ref int at)
    {
        var quote = text[at++];
        var inside = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (char.IsControl(text[at]))
                throw new FormatException("Unparseable filter: a control character in a string.");

            if (text[at] != '\\')
            {
                inside.Append(text[at++]);
                continue;
            }

            at++;
            inside.Append(at < text.Length ? text[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other } : throw Unterminated());
            at++;
        }

        return at++ < text.Length ? inside.ToString() : throw Unterminated();
    }

    private static FormatException Unterminated() => new("Unparseable filter: a string has no end.");
}
