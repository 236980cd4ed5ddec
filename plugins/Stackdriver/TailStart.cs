using Google.Cloud.Logging.V2;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Finds where to begin for the last lines, and how many of those from there on are to be skipped.</summary>
internal sealed class TailStart(LoggingCalls calls, EntryFilter filter, EntryWindow window, EntryDecoder decoder)
{
    private const int MostEmptyPages = 600;

    // Entries of one time are read together, and so are the parts of a text: a place lies before all of them.
    private readonly Dictionary<string, int> _missingParts = [];
    private long _lines;
    private LogTimestamp? _oldest;

    /// <summary>The time to read from, none for the beginning; and how many lines too many that gives.</summary>
    public async Task<(LogTimestamp? From, long Skip)> FindAsync(long lines, CancellationToken cancellationToken)
    {
        for (var pageSize = (int)Math.Min(EntryReader.MostPageEntries, Math.Min(lines, EntryReader.MostPageEntries) + 10); ; pageSize = Math.Max(1, pageSize / 2))
        {
            (_lines, _oldest) = (0, null);
            _missingParts.Clear();
            try
            {
                var from = await WalkBackAsync(lines, pageSize, cancellationToken) ? _oldest : null;
                return (from, Math.Max(0, _lines - lines));
            }
            catch (LogStreamException e) when (e.Reason == "ENTRY_TOO_LARGE" && pageSize > 1)
            {
            }
        }
    }

    // False when the beginning was reached first.
    private async Task<bool> WalkBackAsync(long lines, int pageSize, CancellationToken cancellationToken)
    {
        var token = "";
        for (var empty = 0; empty <= MostEmptyPages;)
        {
            var page = await calls.ListLogEntriesAsync(new ListLogEntriesRequest
            {
                ResourceNames = { calls.ResourceName },
                Filter = filter.For(window),
                OrderBy = "timestamp desc",
                PageSize = pageSize,
                PageToken = token,
            }, cancellationToken);
            foreach (var entry in page.Entries)
            {
                if (filter.Matches(entry) && Visit(entry, lines))
                    return true;
            }

            token = page.NextPageToken;
            if (token.Length == 0)
                return false;

            empty = page.Entries.Count == 0 ? empty + 1 : 0;
        }

        throw new LogStreamException(LogStreamError.Unavailable, $"Cloud Logging gave {MostEmptyPages} empty pages one after the other: the last lines cannot be found.", "INCOMPLETE");
    }

    // Looks at the entry before those seen so far; true when the place is right after it.
    private bool Visit(LogEntry entry, long lines)
    {
        var time = EntryDecoder.TimeOf(entry);
        if (_lines >= lines && time < _oldest && _missingParts.Count == 0)
            return true;

        _oldest = _oldest < time ? _oldest : time;
        var isSplit = entry.Split is { TotalSplits: > 1 };
        var isLast = !isSplit || entry.Split.Index == entry.Split.TotalSplits - 1;
        _lines += decoder.TextOf(entry, isPart: !isLast).Span.Count((byte)'\n') + (isLast ? 1 : 0);
        if (isSplit)
            CountPart(entry.Split);

        return false;
    }

    private void CountPart(LogSplit split)
    {
        var missing = _missingParts.GetValueOrDefault(split.Uid, split.TotalSplits) - 1;
        if (missing > 0)
            _missingParts[split.Uid] = missing;
        else
            _missingParts.Remove(split.Uid);
    }
}
