using System.Globalization;
using RunLogs.Comparison.Api;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison;

/// <summary>What is measured, and how much of it.</summary>
internal sealed record Settings
{
    /// <summary>Names of measures; none for all.</summary>
    public IReadOnlyList<string> Measures { get; private init; } = [];

    public int Rounds { get; private init; } = 11;

    /// <summary>How often the host serves that log before its throughput is measured.</summary>
    public int WarmUps { get; private init; } = 90;

    /// <summary>Of the log whose throughput is measured: whole thousands.</summary>
    public long Lines { get; init; } = 1_000_000;

    public int Follows { get; private init; } = 1_000;

    public int MostFollows { get; private init; } = 10_000;

    /// <summary>Of the big log: above 10 GiB.</summary>
    public long BigLines { get; private init; } = 81_345_000;

    /// <summary>Of the file whose end is read: above 1 GiB.</summary>
    public long FileLines { get; private init; } = 8_000_000;

    public int StalledClients { get; private init; } = 20;

    /// <summary>How long follows are watched at a time.</summary>
    public TimeSpan Window { get; private init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long idle follows are watched.</summary>
    public TimeSpan IdleWindow { get; private init; } = TimeSpan.FromSeconds(20);

    /// <summary>A folder with the host, which is not published then.</summary>
    public string? Host { get; init; }

    /// <summary>Where performance.md is; null for nowhere.</summary>
    public string? Docs { get; private init; } = Path.Combine(Repository.Root, "docs");

    /// <summary>All measures, each so small that only what they do is worth a look, not their figures.</summary>
    public static Settings Quick { get; } = new()
    {
        Docs = null,
        Rounds = 2,
        WarmUps = 3,
        Lines = 20_000,
        Follows = 20,
        MostFollows = 50,
        BigLines = 200_000,
        FileLines = 100_000,
        StalledClients = 2,
        Window = TimeSpan.FromSeconds(1),
        IdleWindow = TimeSpan.FromSeconds(1),
    };

    /// <summary>Reads the command line; a word that is none of its own is a fault.</summary>
    public static Settings Parse(string[] arguments, IReadOnlyCollection<string> measures)
    {
        var (settings, words) = (arguments.Contains("--quick") ? Quick : new Settings(), new Queue<string>(arguments));
        while (words.TryDequeue(out var word))
        {
            settings = word switch
            {
                "--quick" => settings,
                "--rounds" => settings with { Rounds = (int)Number(word, words, unit: 1) },
                "--lines" => settings with { Lines = Number(word, words, unit: LogText.LinesPerSecond) },
                "--host" => settings with { Host = Path.GetFullPath(Next(word, words)) },
                "--docs" => settings with { Docs = Path.GetFullPath(Next(word, words)) },
                _ when measures.Contains(word) => settings with { Measures = [.. settings.Measures, word] },
                _ => throw new ArgumentException($"There is no {word}; measures are {string.Join(", ", measures)}; options are --quick, --rounds, --lines, --host and --docs."),
            };
        }

        return settings;
    }

    private static string Next(string option, Queue<string> words) => words.TryDequeue(out var value) ? value : throw new ArgumentException($"{option} needs a value.");

    private static long Number(string option, Queue<string> words, int unit) =>
        long.TryParse(Next(option, words), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number % unit == 0
            ? number
            : throw new ArgumentException($"{option} must be a number above 0{(unit > 1 ? $", and a multiple of {unit}" : "")}.");
}
