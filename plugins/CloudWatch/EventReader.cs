using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Reads one stream's events from a place on, page by page; its end is where the service repeats the token it was sent.</summary>
internal sealed class EventReader(LogsCalls calls, LogGroup group, string stream, EventWindow window, TimeProvider time)
{
    private const int EmptyPagesBeforePause = 60;
    private const int MostEmptyPages = 600;
    private const int MostPagesOfRepeats = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly RecentEvents _recent = new();
    private readonly PageSeam _seam = new();
    private readonly Queue<IReadOnlyList<OutputLogEvent>> _held = new();
    private EventWindow _window = window;
    private DateTimeOffset _openedAt = time.GetUtcNow();
    private string? _token;
    private long? _lateBefore;
    private bool _isAgain;
    private bool _isReopened;
    private int _emptyPages;

    public int PageSize { get; init; } = 10_000;

    /// <summary>Whether the last page was the last there is for now.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>How many events of the last page are older than what was read before it.</summary>
    public int LateEvents { get; private set; }

    /// <summary>Whether events came since the last ones were read again.</summary>
    public bool HasNews { get; private set; }

    /// <summary>How long ago the current reading was begun.</summary>
    public TimeSpan Age => time.GetUtcNow() - _openedAt;

    /// <summary>Begins with pages that are known already, and goes on after them.</summary>
    public void BeginWith(TailPages pages)
    {
        foreach (var page in pages.Held)
            _held.Enqueue(page);

        _token = pages.NextToken;
        if (pages.FirstEvent is { } first)
            _recent.ForgetBefore(first + 1);
    }

    /// <summary>Goes back two minutes: what comes then are the events that came late, and those after.</summary>
    /// <param name="to">The new end of the times asked for; none to leave it.</param>
    public void GoBack(long? to = null) => OpenAgain(_recent.RereadFrom, to ?? _window.To);

    /// <summary>The next page's events that were not read before; may be empty although there are more.</summary>
    public async Task<List<OutputLogEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_held.TryDequeue(out var held))
        {
            IsAtEnd = false;
            return await TakeAsync(held, cancellationToken);
        }

        var response = await GetAsync(cancellationToken);
        IsAtEnd = response.NextForwardToken == _token || response.NextForwardToken is null;
        _token = response.NextForwardToken;
        await CountEmptyAsync(response.Events.Count, cancellationToken);
        var page = await TakeAsync(response.Events, cancellationToken);
        _isAgain &= !IsAtEnd;
        return page;
    }

    private void OpenAgain(long from, long to)
    {
        _openedAt = time.GetUtcNow();
        _window = new(Math.Max(_window.From, from), to);
        (_token, _lateBefore, _isAgain, HasNews) = (null, _recent.Newest, _recent.Newest is not null, false);
        _seam.Forget();
        _recent.BeginAgain();
    }

    private async Task<GetLogEventsResponse> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await calls.GetLogEventsAsync(Request(), cancellationToken);
        }
        catch (LogStreamException e) when (_token is not null && !_isReopened && e.InnerException is AmazonCloudWatchLogsException failure && ErrorTable.IsInvalid(failure))
        {
            // Tokens expire after a day: the stream is opened anew where it was read last.
            _isReopened = true;
            OpenAgain(Math.Max(_recent.Floor, _recent.Newest ?? long.MinValue), _window.To);
            return await calls.GetLogEventsAsync(Request(), cancellationToken);
        }
    }

    private GetLogEventsRequest Request() => Request(_window, _token);

    private GetLogEventsRequest Request(EventWindow window, string? token) => new()
    {
        LogGroupName = group.Name,
        LogGroupIdentifier = group.Identifier,
        LogStreamName = stream,
        StartTime = window.From,
        EndTime = window.To,
        NextToken = token,
        StartFromHead = true,
        Limit = PageSize,
    };

    private async Task<List<OutputLogEvent>> TakeAsync(IReadOnlyList<OutputLogEvent> events, CancellationToken cancellationToken)
    {
        var prints = new ulong[events.Count];
        for (var i = 0; i < prints.Length; i++)
            prints[i] = RecentEvents.PrintOf(events[i]);

        var overlap = _seam.Overlap(prints);
        if (overlap > 0 && await AreEqualLinesAsync(events[0].Timestamp, events[overlap - 1].Timestamp, prints, overlap, cancellationToken))
            overlap = 0;

        var page = new List<OutputLogEvent>(events.Count);
        LateEvents = 0;
        for (var i = overlap; i < prints.Length; i++)
        {
            // Not every stand-in of the service keeps to the bounds.
            if (!_window.Contains(events[i].Timestamp) || (_isAgain && _recent.WasRead(prints[i])))
                continue;

            LateEvents += _isAgain && events[i].Timestamp < _lateBefore ? 1 : 0;
            _recent.Add(events[i].Timestamp, prints[i]);
            page.Add(events[i]);
        }

        HasNews |= page.Count > 0;
        _isReopened &= page.Count == 0;
        return page;
    }

    // Lines written twice look like a line that the service repeats; it has as many as were written.
    private async Task<bool> AreEqualLinesAsync(long from, long to, ulong[] prints, int overlap, CancellationToken cancellationToken)
    {
        var more = prints[..overlap].Distinct().ToDictionary(print => print, print => 1 + prints.Count(other => other == print));
        string? token = null;
        for (var pages = 0; pages < MostPagesOfRepeats; pages++)
        {
            var page = await calls.GetLogEventsAsync(Request(new EventWindow(from, to + 1), token), cancellationToken);
            foreach (var print in page.Events.Select(RecentEvents.PrintOf).Where(more.ContainsKey))
            {
                if (--more[print] == 0)
                    return true;
            }

            if (page.NextForwardToken == token || page.NextForwardToken is null)
                return false;

            token = page.NextForwardToken;
        }

        // A repeat is better than a loss.
        return true;
    }

    private async Task CountEmptyAsync(int events, CancellationToken cancellationToken)
    {
        _emptyPages = events > 0 || IsAtEnd ? 0 : _emptyPages + 1;
        if (_emptyPages > MostEmptyPages)
            throw new LogStreamException(LogStreamError.Unavailable, $"CloudWatch gave {_emptyPages} empty pages one after the other for the stream {stream} and may have more: its log is incomplete.", "INCOMPLETE");

        if (_emptyPages > 0 && _emptyPages % EmptyPagesBeforePause == 0)
            await Task.Delay(Pause, time, cancellationToken);
    }
}
