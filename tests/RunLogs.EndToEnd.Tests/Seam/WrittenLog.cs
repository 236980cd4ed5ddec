using System.IO.Hashing;
using System.Text;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Seam;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>What a script's container writes, as every client must get it.</summary>
internal sealed class WrittenLog
{
    private readonly IReadOnlyList<WrittenLine> _lines;
    private readonly string[] _texts;

    public WrittenLog(string name, IReadOnlyList<WrittenLine> lines)
    {
        (Name, _lines) = (name, lines);
        _texts = [.. lines.Select(line => Encoding.UTF8.GetString(line.Text.Span))];
        var hash = new XxHash128();
        foreach (var text in _texts)
        {
            OwnCount.Append(hash, text);
        }

        Hash = hash.GetCurrentHash();
    }

    public WrittenLog(SeamScript script)
        : this(NameOf(script), script.Lines)
    {
    }

    /// <summary>The lines from a time on, each by its own.</summary>
    public WrittenLog(SeamScript script, LogTimestamp since)
        : this($"{NameOf(script)} since {since}", [.. script.Lines.Where(line => line.Timestamp >= since)])
    {
    }

    /// <summary>What it was drawn from.</summary>
    public string Name { get; }

    public int Count => _texts.Length;

    public byte[] Hash { get; }

    /// <summary>Why a line is not the one that comes next; null when it is.</summary>
    public string? Differs(int next, string text, long? time)
    {
        if (next >= Count)
        {
            return $"all {Count} lines had come, then {Shown(text)}";
        }

        if (_texts[next] != text)
        {
            return $"line {next}: expected {Shown(_texts[next])}, got {Shown(text)}{Where(next, text)}";
        }

        // An archive has milliseconds.
        var expected = _lines[next].Timestamp.UnixNanoseconds;
        return time is null || time == expected || time == expected / 1_000_000 * 1_000_000 ? null : $"line {next} {Shown(text)}: expected the time {expected}, got {time}";
    }

    private static string NameOf(SeamScript script) =>
        $"seed {script.Seed} ({script.Lines.Count} lines, {script.PodEnd} after {script.LiveLines}, one time from {script.OneTimeFrom})";

    private string Where(int next, string text)
    {
        var later = Array.IndexOf(_texts, text, next);
        var earlier = Array.LastIndexOf(_texts, text, next);
        return (later >= 0 ? $", which is line {later}" : "") + (earlier >= 0 ? $", which was line {earlier}" : "");
    }

    private static string Shown(string text) => $"'{(text.Length > 80 ? $"{text[..80]}...' of {text.Length} characters" : $"{text}'")}";
}
