using System.Globalization;
using Grpc.Core;
using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Testing.Stackdriver;

/// <summary>The entries of all projects, and the pages that queries give.</summary>
public sealed class FakeEntries(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(long Time, string InsertId, string LogName), LogEntry> _entries = [];
    private readonly Dictionary<string, (ListLogEntriesRequest Request, DateTimeOffset Issued, int Skip, int Empty)> _tokens = [];

    /// <summary>The most entries of a page.</summary>
    public int PageEntries { get; set; } = 1000;

    /// <summary>How many empty pages come before the first entry of every query.</summary>
    public int EmptyPages { get; set; }

    /// <summary>How long page tokens are taken back.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Adds entries; one of the same log, time and id replaces the other.</summary>
    public void Put(params IEnumerable<LogEntry> entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
                _entries[(FakeEntry.TimeOf(entry), entry.InsertId, entry.LogName)] = entry;
        }
    }

    public ListLogEntriesResponse List(ListLogEntriesRequest request)
    {
        if (request.PageSize is < 0 or > 1000)
            throw Invalid("page_size must be between 0 and 1000");

        if (request.OrderBy is not ("" or "timestamp asc" or "timestamp desc"))
            throw Invalid("order_by is neither \"timestamp asc\" nor \"timestamp desc\"");

        if (request.ResourceNames.Count is 0 or > 100)
            throw Invalid("resource_names must hold 1 to 100 names");

        lock (_lock)
        {
            var (skip, empty) = Place(request);
            if (empty > 0)
                return new ListLogEntriesResponse { NextPageToken = Issue(request, 0, empty - 1) };

            var matches = Filter(request.Filter);
            var all = request.OrderBy == "timestamp desc" ? _entries.Values.Reverse() : _entries.Values;
            var size = Math.Min(request.PageSize == 0 ? 50 : request.PageSize, PageEntries);
            var found = all.Where(entry => request.ResourceNames.Any(name => entry.LogName.StartsWith($"{name}/", StringComparison.Ordinal)) && matches(entry)).Skip(skip).Take(size + 1).ToArray();
            return new ListLogEntriesResponse
            {
                Entries = { found.Take(size) },
                NextPageToken = found.Length > size ? Issue(request, skip + size, 0) : "",
            };
        }
    }

    private (int Skip, int Empty) Place(ListLogEntriesRequest request)
    {
        if (request.PageToken.Length == 0)
            return (0, EmptyPages);

        if (!_tokens.TryGetValue(request.PageToken, out var token) || time.GetUtcNow() - token.Issued > TokenLifetime)
            throw Invalid("page_token is invalid or expired");

        if (!token.Request.Equals(WithoutToken(request)))
            throw Invalid("page_token belongs to another request: all parameters must repeat unchanged");

        return (token.Skip, token.Empty);
    }

    private string Issue(ListLogEntriesRequest request, int skip, int empty)
    {
        var token = string.Create(CultureInfo.InvariantCulture, $"EAA4{_tokens.Count:x8}");
        _tokens[token] = (WithoutToken(request), time.GetUtcNow(), skip, empty);
        return token;
    }

    private static ListLogEntriesRequest WithoutToken(ListLogEntriesRequest request)
    {
        var copy = request.Clone();
        copy.PageToken = "";
        return copy;
    }

    private static Func<LogEntry, bool> Filter(string text)
    {
        try
        {
            return text.Length <= 20_000 ? FakeFilter.Parse(text) : throw new FormatException("The filter is longer than 20000 characters.");
        }
        catch (FormatException e)
        {
            throw Invalid(e.Message);
        }
    }

    private static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));
}
