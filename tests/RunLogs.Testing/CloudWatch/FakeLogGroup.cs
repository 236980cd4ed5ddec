using System.Globalization;
using System.Text;

namespace RunLogs.Testing.CloudWatch;

/// <summary>A log group: its streams, and their events in the order the service gives them.</summary>
public sealed class FakeLogGroup(string name, string logClass)
{
    private const int MostPageBytes = 1024 * 1024;

    private readonly SortedDictionary<string, (long Created, SortedList<(long, long), FakeLogEvent> Events)> _streams = new(StringComparer.Ordinal);
    private long _count;

    public string Name => name;

    public string LogClass => logClass;

    public string Arn => $"arn:aws:logs:eu-central-1:123456789012:log-group:{name}";

    /// <summary>The most events of a page.</summary>
    public int PageEvents { get; set; } = 10_000;

    /// <summary>How many empty pages come before the first event of every reading, as across a long gap.</summary>
    public int EmptyPages { get; set; }

    /// <summary>How many events of a page come once more at the beginning of the next.</summary>
    public int Overlap { get; set; }

    public IEnumerable<(string Name, long Created, FakeLogEvent? First, FakeLogEvent? Last)> Streams =>
        _streams.Select(s => (s.Key, s.Value.Created, s.Value.Events.Values.FirstOrDefault(), s.Value.Events.Values.LastOrDefault()));

    public void CreateStream(string stream, long now)
    {
        if (!_streams.TryAdd(stream, (now, [])))
            throw new FakeServiceException("ResourceAlreadyExistsException", "The specified log stream already exists");
    }

    public bool Has(string stream) => _streams.ContainsKey(stream);

    public void Put(string stream, long timestamp, string message, long now)
    {
        var entry = new FakeLogEvent(stream, timestamp, now, message, ++_count);
        EventsOf(stream).Add(entry.Position, entry);
    }

    public (IReadOnlyList<FakeLogEvent> Events, string Forward, string Backward) Get(string stream, long from, long to, string? token, int limit, bool fromHead)
    {
        var all = EventsOf(stream).Values;
        var (place, empty) = token is null ? (default, EmptyPages) : Parse(token);
        if (empty > 0)
        {
            var kind = token is null ? (fromHead ? 'f' : 'b') : token[0];
            var start = token is null ? (fromHead ? (from, 0L) : (to, 0L)) : place;
            return ([], Token(kind == 'f' ? 'f' : 'f', start, kind == 'f' ? empty - 1 : 0), Token('b', start, kind == 'b' ? empty - 1 : 0));
        }

        var backward = token is null ? !fromHead : token[0] == 'b';
        if (token is not null && !backward && !fromHead)
            throw FakeServiceException.Invalid("startFromHead must be true with a forward token.");

        var begin = token is null || backward ? First(all, (from, 0)) : Math.Max(First(all, (from, 0)), First(all, (place.Timestamp, place.Number + 1)));
        var end = token is null || !backward ? First(all, (to, 0)) : Math.Min(First(all, (to, 0)), First(all, place));
        var overlap = token is null || backward ? 0 : Math.Min(Overlap, begin - First(all, (from, 0)));
        var events = Page(all, begin - (begin < end ? overlap : 0), end, Math.Min(limit, PageEvents), backward);
        return events.Count == 0
            ? ([], token is not null && !backward ? token : Token('f', token is null ? (from, 0) : place, 0), token is not null && backward ? token : Token('b', token is null ? (from, 0) : place, 0))
            : (events, Token('f', events[^1].Position, 0), Token('b', events[0].Position, 0));
    }

    public (IReadOnlyList<FakeLogEvent> Events, string? Next) Filter(Func<string, bool> ofStream, Func<string, bool> matches, long from, long to, string? token, int limit)
    {
        var (place, empty) = token is null ? ((from, 0), EmptyPages) : Parse(token);
        if (empty > 0)
            return ([], Token('n', place, empty - 1));

        var found = _streams.Where(s => ofStream(s.Key)).SelectMany(s => s.Value.Events.Values)
            .Where(e => e.Timestamp >= from && e.Timestamp < to && e.Position.CompareTo(place) > 0 && matches(e.Message))
            .OrderBy(e => e.Position).Take(Math.Min(limit, PageEvents) + 1).ToArray();
        var page = found.Take(Math.Min(limit, PageEvents)).ToArray();
        return (page, found.Length > page.Length ? Token('n', page[^1].Position, 0) : null);
    }

    private SortedList<(long, long), FakeLogEvent> EventsOf(string stream) => _streams.TryGetValue(stream, out var found) ? found.Events : throw FakeServiceException.Missing("log stream");

    private static List<FakeLogEvent> Page(IList<FakeLogEvent> all, int begin, int end, int limit, bool backward)
    {
        var page = new List<FakeLogEvent>();
        var bytes = 0;
        for (var i = backward ? end - 1 : begin; i >= begin && i < end && page.Count < limit; i += backward ? -1 : 1)
        {
            bytes += Encoding.UTF8.GetByteCount(all[i].Message) + 26;
            if (bytes > MostPageBytes && page.Count > 0)
                break;

            page.Add(all[i]);
        }

        if (backward)
            page.Reverse();

        return page;
    }

    // The index of the first event at or after a position.
    private static int First(IList<FakeLogEvent> all, (long, long) position)
    {
        var (low, high) = (0, all.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (all[middle].Position.CompareTo(position) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static string Token(char kind, (long Timestamp, long Number) place, int empty) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}/{place.Timestamp:D20}{place.Number:D20}{empty:D16}/s");

    private static ((long Timestamp, long Number) Place, int Empty) Parse(string token) => token.Length == 60 && token[1] == '/' && token.EndsWith("/s", StringComparison.Ordinal)
        && long.TryParse(token.AsSpan(2, 20), out var time) && long.TryParse(token.AsSpan(22, 20), out var number) && int.TryParse(token.AsSpan(42, 16), out var empty)
            ? ((time, number), empty)
            : throw FakeServiceException.Invalid("The specified nextToken is invalid.");
}
