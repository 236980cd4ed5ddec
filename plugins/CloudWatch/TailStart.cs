using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Finds where to begin for the last lines, and how many of those from there on are to be skipped.</summary>
internal sealed class TailStart(LogsCalls calls, LogGroup group, string stream, EventWindow window, EventDecoder decoder, LineFilter filter, int maxLineBytes, TimeProvider time)
{
    // What is held is not asked for twice; of a longer tail the newer part is.
    private const long MostHeldCharacters = 8 * 1024 * 1024;
    private const int MostEmptyPages = 600;

    private readonly LinkedList<(List<OutputLogEvent> Events, string? NextToken)> _pages = [];
    private long _heldCharacters;
    private bool _isAllHeld = true;

    /// <summary>The pages to begin with; the filter skips the lines in them that are too many.</summary>
    public async Task<TailPages> FindAsync(long lines, CancellationToken cancellationToken)
    {
        var first = await WalkBackAsync(lines, cancellationToken);
        filter.Skip = long.MaxValue;
        using var counter = new TextLines(filter, maxLineBytes);
        using var none = new LogBatch();
        foreach (var (events, _) in _pages)
            Count(counter, none, events);

        if (!_isAllHeld)
            await CountRestAsync(counter, none, cancellationToken);

        filter.Skip = Math.Max(0, long.MaxValue - filter.Skip + counter.OpenLines - lines);
        return new TailPages([.. _pages.Select(page => page.Events)], _pages.Last?.Value.NextToken, first);
    }

    // Returns the time of the first event of the place found; null when that is the beginning.
    private async Task<long?> WalkBackAsync(long lines, CancellationToken cancellationToken)
    {
        var search = new TailSearch(lines);
        string? token = null;
        for (var empty = 0; empty <= MostEmptyPages;)
        {
            var page = await calls.GetLogEventsAsync(new GetLogEventsRequest
            {
                LogGroupName = group.Name,
                LogGroupIdentifier = group.Identifier,
                LogStreamName = stream,
                StartTime = window.From,
                EndTime = window.To,
                NextToken = token,
                StartFromHead = false,
                Limit = (int)Math.Min(10_000, Math.Min(lines, 10_000) + TailSearch.LongestGap),
            }, cancellationToken);
            var events = page.Events.FindAll(e => window.Contains(e.Timestamp));
            var place = PlaceIn(events, search);
            Hold(place > 0 ? events[place..] : events, page.NextForwardToken);
            if (place >= 0)
                return place < events.Count ? events[place].Timestamp : events.LastOrDefault()?.Timestamp;

            if (page.NextBackwardToken == token || page.NextBackwardToken is null)
                return null;

            empty = page.Events.Count == 0 ? empty + 1 : 0;
            token = page.NextBackwardToken;
        }

        throw new LogStreamException(LogStreamError.Unavailable, $"CloudWatch gave {MostEmptyPages} empty pages one after the other for the stream {stream}: its last lines cannot be found.", "INCOMPLETE");
    }

    // The index of the first event after the place; -1 when it is not in this page.
    private int PlaceIn(List<OutputLogEvent> events, TailSearch search)
    {
        for (var i = events.Count - 1; i >= 0; i--)
        {
            if (decoder.Decode(events[i].Timestamp, events[i].Message) is { } e && search.Visit(e, filter.Wants(e.Time)))
                return i + 1;
        }

        return -1;
    }

    private void Hold(List<OutputLogEvent> events, string? nextToken)
    {
        // Of an empty page only the first matters: what comes later is read on from there.
        if (events.Count == 0 && _pages.Count > 0)
            return;

        _pages.AddFirst((events, nextToken));
        _heldCharacters += Length(events);
        while (_heldCharacters > MostHeldCharacters && _pages.Count > 1)
        {
            _heldCharacters -= Length(_pages.Last!.Value.Events);
            _pages.RemoveLast();
            _isAllHeld = false;
        }
    }

    private void Count(TextLines counter, LogBatch none, List<OutputLogEvent> events)
    {
        foreach (var e in events)
        {
            if (decoder.Decode(e.Timestamp, e.Message) is { } content)
                counter.TryTake(none, content.Time, content.Stream, content.Text.Span, !content.IsPart);
        }
    }

    private async Task CountRestAsync(TextLines counter, LogBatch none, CancellationToken cancellationToken)
    {
        var rest = new EventReader(calls, group, stream, window, time);
        rest.BeginWith(new TailPages([], _pages.Last?.Value.NextToken, null));
        do
            Count(counter, none, await rest.ReadAsync(cancellationToken));
        while (!rest.IsAtEnd);
    }

    private static long Length(List<OutputLogEvent> events) => events.Sum(e => (long)e.Message.Length);
}
