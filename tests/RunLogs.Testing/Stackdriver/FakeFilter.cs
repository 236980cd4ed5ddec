using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Testing.Stackdriver;

/// <summary>The service's query language: comparisons, NOT before OR before AND, strings compared without case.</summary>
public static class FakeFilter
{
    /// <summary>What a query matches; throws <see cref="FormatException"/> for what the service calls unparseable.</summary>
    public static Func<LogEntry, bool> Parse(string text)
    {
        var parser = new Parser([.. FakeToken.Read(text)]);
        return parser.All();
    }

    // Precedence is the service's own: "a OR b AND c" is "(a OR b) AND c".
    private sealed class Parser(FakeToken[] tokens)
    {
        private int _next;

        private FakeToken Next => _next < tokens.Length ? tokens[_next] : FakeToken.End;

        public Func<LogEntry, bool> All()
        {
            if (tokens.Length == 0)
                return _ => true;

            var all = And();
            return Next == FakeToken.End ? all : throw Unexpected();
        }

        private Func<LogEntry, bool> And()
        {
            var parts = new List<Func<LogEntry, bool>> { Or() };
            // Comparisons side by side are joined by AND.
            while (Next != FakeToken.End && !Next.Is(")"))
            {
                TryTake("AND");
                parts.Add(Or());
            }

            return entry => parts.TrueForAll(part => part(entry));
        }

        private Func<LogEntry, bool> Or()
        {
            var parts = new List<Func<LogEntry, bool>> { Not() };
            while (TryTake("OR"))
                parts.Add(Not());

            return entry => parts.Exists(part => part(entry));
        }

        private Func<LogEntry, bool> Not()
        {
            if (TryTake("NOT") || TryTake("-"))
            {
                var negated = Not();
                return entry => !negated(entry);
            }

            if (!TryTake("("))
                return Comparison();

            var inner = And();
            return TryTake(")") ? inner : throw Unexpected();
        }

        private Func<LogEntry, bool> Comparison()
        {
            var path = new List<string> { Word() };
            if (path[0] == "log_id" && TryTake("("))
            {
                var id = Word();
                return TryTake(")") ? entry => entry.LogName.EndsWith($"/logs/{Uri.EscapeDataString(id)}", StringComparison.Ordinal) : throw Unexpected();
            }

            while (TryTake("."))
                path.Add(Word());

            var read = FakeField.Of(path);
            var operation = Next;
            if (operation.IsString || operation.Text is not ("=" or "!=" or "<" or "<=" or ">" or ">=" or ":" or "=~" or "!~"))
                throw Unexpected();

            _next++;
            var value = Word();
            return path is ["timestamp"] ? CompareTimes(operation.Text, value) : CompareTexts(operation.Text, read, value);
        }

        private static Func<LogEntry, bool> CompareTimes(string operation, string value)
        {
            var expected = Abstractions.LogTimestamp.TryParse(value, out var time) ? time.UnixNanoseconds : throw new FormatException($"\"{value}\" is no time.");
            return entry => Holds(operation, FakeEntry.TimeOf(entry).CompareTo(expected));
        }

        private static Func<LogEntry, bool> CompareTexts(string operation, Func<LogEntry, string?> read, string value) => operation switch
        {
            "=~" => entry => read(entry) is { } text && Regex.IsMatch(text, value, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
            "!~" => entry => !(read(entry) is { } text && Regex.IsMatch(text, value, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))),
            ":" => entry => read(entry) is { } text && Folded(text).Contains(Folded(value), StringComparison.Ordinal),
            _ => entry => read(entry) is { } text && Holds(operation, string.CompareOrdinal(Folded(text), Folded(value))),
        };

        private static bool Holds(string operation, int order) => operation switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };

        private static string Folded(string text) => text.Normalize(NormalizationForm.FormKC).ToLowerInvariant();

        private string Word()
        {
            var word = Next;
            if (!word.IsString && !word.IsWord)
                throw Unexpected();

            _next++;
            return word.Text;
        }

        private bool TryTake(string text)
        {
            if (!Next.Is(text))
                return false;

            _next++;
            return true;
        }

        private FormatException Unexpected() => new(string.Create(CultureInfo.InvariantCulture, $"Unparseable filter: syntax error at token {_next} '{Next.Text}'"));
    }
}
