using Google.Cloud.Logging.V2;
using Grpc.Core;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Reads a container's entries from a place on, page by page; an empty page is no end, a page without a token is.</summary>
internal sealed class EntryReader(LoggingCalls calls, EntryFilter filter, EntryWindow window, TimeProvider time, int pageSize)
{
    public const int MostPageEntries = 1000;

    private const int MostEmptyPages = 600;

    private readonly RecentEntries _recent = new();
    private DateTimeOffset _wentBackAt = time.GetUtcNow();
    private readonly EntryWindow _whole = window;
    private EntryWindow _window = window;
    private LogTimestamp? _lateBefore;
    private string _token = "";
    private int _pageSize = pageSize;
    private int _emptyPages;
    private bool _isReopened;

    /// <summary>Whether the last page was the last there is for now.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>How many entries of the last page are older than what was read before it.</summary>
    public int LateEntries { get; private set; }

    /// <summary>Whether entries came since the last minutes were read again.</summary>
    public bool HasNews { get; private set; }

    /// <summary>How long ago the last minutes were read again.</summary>
    public TimeSpan Age => time.GetUtcNow() - _wentBackAt;

    /// <summary>Opens a new query that begins so long before the newest entry: what comes then are the entries that came late, and those after.</summary>
    /// <param name="back">How long.</param>
    /// <param name="to">The new end of the times asked for.</param>
    public void Reopen(TimeSpan back, LogTimestamp to)
    {
        if (back == RecentEntries.Span)
            (_wentBackAt, HasNews) = (time.GetUtcNow(), false);

        var from = _recent.Before(back);
        Open(new(from > _whole.From ? from.Value : _whole.From, to));
    }

    /// <summary>The next page's entries that were not read before; may be empty although there are more.</summary>
    public async Task<IReadOnlyList<LogEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        var response = await ListAsync(cancellationToken);
        _token = response.NextPageToken;
        IsAtEnd = _token.Length == 0;
        _emptyPages = response.Entries.Count > 0 || IsAtEnd ? 0 : _emptyPages + 1;
        if (_emptyPages > MostEmptyPages)
            throw new LogStreamException(LogStreamError.Unavailable, $"Cloud Logging gave {_emptyPages} empty pages one after the other and may have more: the log is incomplete.", "INCOMPLETE");

        var page = new List<LogEntry>(response.Entries.Count);
        LateEntries = 0;
        foreach (var entry in response.Entries)
        {
            if (!filter.Matches(entry) || !_recent.TryAdd(entry))
                continue;

            LateEntries += EntryDecoder.TimeOf(entry) < _lateBefore ? 1 : 0;
            page.Add(entry);
        }

        HasNews |= page.Count > 0;
        _isReopened &= page.Count == 0;
        return page;
    }

    private async Task<ListLogEntriesResponse> ListAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await calls.ListLogEntriesAsync(Request(), cancellationToken);
            }
            catch (LogStreamException e) when (e.InnerException is RpcException failure && MayGoOn(failure))
            {
                // Tokens belong to the page size, and expire after a day: the query is opened anew where it was read last.
                var from = _recent.Before(TimeSpan.Zero);
                Open(_window with { From = from > _window.From ? from.Value : _window.From });
            }
        }
    }

    private bool MayGoOn(RpcException failure)
    {
        if (ErrorTable.IsTooLarge(failure) && _pageSize > 1)
        {
            _pageSize /= 2;
            return true;
        }

        var wasReopened = _isReopened;
        _isReopened = true;
        return ErrorTable.IsInvalid(failure) && _token.Length > 0 && !wasReopened;
    }

    private void Open(EntryWindow of) => (_window, _token, _lateBefore) = (of, "", _recent.Newest);

    private ListLogEntriesRequest Request() => new()
    {
        ResourceNames = { calls.ResourceName },
        Filter = filter.For(_window),
        OrderBy = "timestamp asc",
        PageSize = _pageSize,
        PageToken = _token,
    };
}
