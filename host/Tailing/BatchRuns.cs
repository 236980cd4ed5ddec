using System.Diagnostics.CodeAnalysis;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>Parts of a batch as batches of their own.</summary>
internal static class BatchRuns
{
    /// <summary>A batch that will hold some of another's lines; the first of several carries what stands before the lines.</summary>
    public static LogBatch Begin(LogBatch source, bool first)
    {
        var run = new LogBatch { Instance = source.Instance };
        if (first)
        {
            run.Facts = source.Facts;
            foreach (var notice in source.Notices)
            {
                run.Add(notice);
            }
        }

        return run;
    }

    /// <summary>Copies one entry; those of one batch always fit another, in their order.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The batch is the caller's.")]
    public static void Copy(this LogBatch run, LogBatch source, in LogEntry entry)
    {
        if (!run.TryAppend(entry.Timestamp, source.TextOf(entry), entry.Stream, entry.Originator, entry.End))
        {
            throw new InvalidOperationException("A part of a batch did not fit into another.");
        }
    }

    /// <summary>Takes lines off the front as a batch of their own.</summary>
    public static LogBatch TakeFirst(this LogBatch source, int entries, bool first)
    {
        var run = Begin(source, first);
        foreach (ref readonly var entry in source.Entries[..entries])
        {
            run.Copy(source, entry);
        }

        source.RemoveFirst(entries);
        return run;
    }
}
