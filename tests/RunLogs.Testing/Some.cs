using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>The object mother: what tests need some of, whichever.</summary>
public static class Some
{
    /// <summary>When the first line of <see cref="Lines"/> is written.</summary>
    public static LogTimestamp Start { get; } = Time("2026-11-22T17:53:44.488229613Z");

    /// <summary>What the clocks of tests show at first: long after <see cref="Start"/>, beyond every archive's lag.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 22, 18, 30, 0, TimeSpan.Zero);

    public static SomeContainer Container { get; } = new();

    public static LogTimestamp Time(string rfc3339) => LogTimestamp.TryParse(rfc3339, out var time) ? time : throw new FormatException(rfc3339);

    public static WrittenLine Line(string text, LogTimestamp? at = null, OutputStream stream = OutputStream.Stdout) => new(at ?? Start, Encoding.UTF8.GetBytes(text), stream);

    /// <summary>Numbered lines, some 0.3 s and a few nanoseconds apart, every third on stderr.</summary>
    public static WrittenLine[] Lines(int count, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(i => Line($"line {i}", new LogTimestamp(Start.UnixNanoseconds + (i * 300_000_007L)), i % 3 == 2 ? OutputStream.Stderr : OutputStream.Stdout))];

    /// <summary>A context whose section is <c>RunLogs:Backends:&lt;backend&gt;</c> with these settings.</summary>
    public static PluginContext PluginContext(string backend, TimeProvider time, IReadOnlyDictionary<string, string?> settings, int maxLineBytes = 256 * 1024, ArchiveTiming? archive = null) => new()
    {
        Cluster = "default",
        Configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"RunLogs:Backends:{backend}:{s.Key}", s.Value)))
            .Build().GetSection($"RunLogs:Backends:{backend}"),
        LoggerFactory = NullLoggerFactory.Instance,
        TimeProvider = time,
        Directory = AppContext.BaseDirectory,
        MaxLineBytes = maxLineBytes,
        Archive = archive ?? new ArchiveTiming(),
    };
}
