using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Which lines of a tail its client wants; a line in parts is matched part by part.</summary>
internal sealed class TailFilter
{
    /// <summary>The longest text or pattern, in characters.</summary>
    public const int MaxLength = 1024;

    // Counted repetitions of counted repetitions would otherwise take memory without a bound.
    private const int MaxAutomaton = 10_000;
    private const string MaxAutomatonKey = "REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE";

    private readonly byte[] _contains = [];
    private readonly Regex? _regex;

    private TailFilter(string contains) => (_contains, Identity) = (Encoding.UTF8.GetBytes(contains), $"contains {contains}");

    private TailFilter(Regex regex) => (_regex, Identity) = (regex, $"regex {regex}");

    /// <summary>What it looks for, as a cursor remembers it.</summary>
    public string Identity { get; }

    /// <summary>Lines that hold a text.</summary>
    public static TailFilter Containing(string text) => new(text);

    /// <summary>Lines that a pattern of .NET's syntax matches, in time linear to their length.</summary>
    /// <exception cref="ArgumentException">The pattern is none, or one that would take too long; the message tells why.</exception>
    public static TailFilter Matching(string pattern)
    {
        AppContext.SetData(MaxAutomatonKey, MaxAutomaton);
        try
        {
            return new TailFilter(new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (NotSupportedException unsupported)
        {
            throw new ArgumentException(unsupported.Message, nameof(pattern), unsupported);
        }
    }

    /// <summary>The batch itself when all of its lines are wanted; else a batch of those that are, with its notices.</summary>
    public LogBatch Apply(LogBatch batch)
    {
        var entries = batch.Entries;
        var wanted = 0;
        while (wanted < entries.Length && IsWanted(batch.TextOf(entries[wanted])))
        {
            wanted++;
        }

        if (wanted == entries.Length)
        {
            return batch;
        }

        var kept = BatchRuns.Begin(batch, first: true);
        foreach (ref readonly var entry in entries[..wanted])
        {
            kept.Copy(batch, entry);
        }

        foreach (ref readonly var entry in entries[(wanted + 1)..])
        {
            if (IsWanted(batch.TextOf(entry)))
            {
                kept.Copy(batch, entry);
            }
        }

        return kept;
    }

    private bool IsWanted(ReadOnlySpan<byte> text)
    {
        if (_regex is null)
        {
            return text.IndexOf(_contains) >= 0;
        }

        var characters = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            return _regex.IsMatch(characters.AsSpan(0, Encoding.UTF8.GetChars(text, characters)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }
}
