using System.Globalization;
using System.Text;
using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Testing.Stackdriver;

/// <summary>What GKE's agent makes of a container's lines: an entry for each, and several for one above the service's limit.</summary>
public sealed class ContainerAgent(GkeCluster cluster)
{
    private const int MostEntryBytes = 250_000;

    private long _count;

    /// <summary>Entries whose ids go up: those of one time stay in order.</summary>
    public IReadOnlyList<LogEntry> Entries(SomeContainer container, params IEnumerable<WrittenLine> lines)
    {
        var entries = new List<LogEntry>();
        foreach (var line in lines)
        {
            var text = Encoding.UTF8.GetString(line.Text.Span is [.., (byte)'\r'] ? line.Text.Span[..^1] : line.Text.Span);
            var parts = Cut(text);
            var uid = Next();
            for (var i = 0; i < parts.Count; i++)
            {
                var entry = FakeEntry.Of(cluster, container, line.Timestamp, line.Stream, Next());
                entry.TextPayload = parts[i];
                if (parts.Count > 1)
                    entry.Split = new LogSplit { Uid = uid, Index = i, TotalSplits = parts.Count };

                entries.Add(entry);
            }
        }

        return entries;
    }

    public string Next() => Interlocked.Increment(ref _count).ToString("x12", CultureInfo.InvariantCulture);

    private static List<string> Cut(string text)
    {
        var parts = new List<string>();
        var rest = Encoding.UTF8.GetBytes(text).AsSpan();
        do
        {
            var length = Abstractions.LogBatch.CutLength(rest, MostEntryBytes);
            parts.Add(Encoding.UTF8.GetString(rest[..length]));
            rest = rest[length..];
        }
        while (rest.Length > 0);

        return parts;
    }
}
