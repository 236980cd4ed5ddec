using System.Globalization;
using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Cursors;
using RunLogs.Host.Tailing;
using RunLogs.Protos.Flyte.Common;

namespace RunLogs.Host.Api.Http;

/// <summary>The query of <c>GET /logs</c>; every fault is told at once.</summary>
internal sealed class LogsQuery
{
    private static readonly Dictionary<char, TimeSpan> Units = new()
    {
        ['s'] = TimeSpan.FromSeconds(1),
        ['m'] = TimeSpan.FromMinutes(1),
        ['h'] = TimeSpan.FromHours(1),
        ['d'] = TimeSpan.FromDays(1),
    };

    private readonly List<string> _faults = [];

    private LogsQuery(IQueryCollection query, string attempt, string lastEvent, CursorSeal cursors, DateTimeOffset now)
    {
        Attempt = Number(attempt, uint.MaxValue) is { } number ? (uint)number : Fault<uint>($"the attempt '{Shown(attempt)}' is no number; 0 means the latest");
        Org = Text(query, "org") ?? "";
        Container = Text(query, "container");
        Follow = Flag(query, "follow", false);
        Timestamps = Flag(query, "timestamps", false);
        Notices = Flag(query, "notices", true);
        TailLines = Text(query, "tail") is not { } tail ? null : Number(tail, long.MaxValue) ?? Fault<long?>($"tail '{Shown(tail)}' is no number of lines");
        Since = Text(query, "since") is not { } since ? null : Time(since, now) ?? Fault<LogTimestamp?>($"since '{Shown(since)}' is neither an RFC 3339 time nor a duration such as 10m (s, m, h or d)");
        // A client that reconnects sends the id of its last event beside the query it began with.
        Cursor = (lastEvent.Length > 0 ? lastEvent : Text(query, "cursor")) is not { Length: > 0 } cursor ? null
            : cursors.TryOpen(cursor, out var opened, out var fault) ? opened
            : Fault<TailCursor?>($"{(lastEvent.Length > 0 ? "Last-Event-ID" : "cursor")} {fault}");
    }

    public uint Attempt { get; }

    public string Org { get; }

    public string? Container { get; }

    public bool Follow { get; }

    public bool Timestamps { get; }

    public bool Notices { get; }

    public long? TailLines { get; }

    public LogTimestamp? Since { get; }

    /// <summary>Where the client stands; null to begin.</summary>
    public TailCursor? Cursor { get; }

    public static LogsQuery Parse(HttpRequest request, string attempt, CursorSeal cursors, DateTimeOffset now)
    {
        var query = new LogsQuery(request.Query, attempt, request.Headers["Last-Event-ID"].ToString(), cursors, now);
        return query._faults.Count == 0 ? query : throw new TailFailedException(StatusCode.InvalidArgument, string.Join("; ", query._faults) + ".");
    }

    /// <summary>What it asks for of an action's log.</summary>
    public TailQuery ToTail(ActionIdentifier action) => new()
    {
        Action = action,
        Attempt = Attempt,
        Containers = Container is null ? ContainerSelection.Primary : new ContainerSelection([Container], AllPods: false),
        Follow = Follow ? FollowMode.Auto : FollowMode.Never,
        TailLines = TailLines,
        Since = Since,
        Cursor = Cursor,
    };

    private string? Text(IQueryCollection query, string name)
    {
        var values = query[name];
        return values.Count > 1 ? Fault<string?>($"{name} is given {values.Count} times") : values.Count == 0 ? null : values[0];
    }

    private bool Flag(IQueryCollection query, string name, bool absent) => Text(query, name) switch
    {
        null => absent,
        "" or "1" or "true" => true,
        "0" or "false" => false,
        var other => Fault<bool>($"{name} '{Shown(other)}' is neither true nor false"),
    };

    private static long? Number(string text, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number : null;

    private static LogTimestamp? Time(string text, DateTimeOffset now)
    {
        if (LogTimestamp.TryParse(text, out var time))
        {
            return time;
        }

        // Up to a century, so that no sum overflows.
        return text.Length > 1 && Units.TryGetValue(text[^1], out var unit) && Number(text[..^1], 100L * 366 * 86400 / (long)unit.TotalSeconds) is { } count
            ? LogTimestamp.From(now - (unit * count))
            : null;
    }

    // Control characters and endless values stay out of the answer.
    private static string Shown(string value) => string.Concat(value.Take(64).Select(c => char.IsControl(c) ? '?' : c));

    private T? Fault<T>(string fault)
    {
        _faults.Add(fault);
        return default;
    }
}
