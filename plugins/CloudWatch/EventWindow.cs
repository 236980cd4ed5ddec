using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The times of the events that are asked for, in the service's milliseconds: every call names both ends.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The one after the last.</param>
internal readonly record struct EventWindow(long From, long To)
{
    // Clocks differ, and starts are often known to the second only.
    private static readonly TimeSpan BeforeStart = TimeSpan.FromSeconds(60);

    // The end may be another's: the attempt's, or when the pod was missed.
    private static readonly TimeSpan AfterEnd = TimeSpan.FromHours(1);

    // The service takes events up to two hours ahead and fourteen days back.
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(2);
    private static readonly TimeSpan Back = TimeSpan.FromDays(14);

    /// <summary>How long one window of a followed container lasts: less than its tokens do.</summary>
    public static TimeSpan Followed { get; } = TimeSpan.FromHours(12);

    /// <summary>The container's whole lifetime, as far as it is known.</summary>
    public static EventWindow Lifetime(TailRequest request, DateTimeOffset now)
    {
        // The start is the newest instance's: others began before it.
        var start = request is { ContainerStart: not null, Instance: null, Previous: false } ? request.ContainerStart : null;
        var end = request.EndedAt?.ToDateTimeOffset() + AfterEnd;
        return new(start is { } from ? Milliseconds(from.Add(-BeforeStart)) : 0, (end ?? (now + Followed + Ahead)).ToUnixTimeMilliseconds());
    }

    /// <summary>What of it can lie in a stream that was made then.</summary>
    public EventWindow OfStream(long creationTime) => this with { From = Math.Max(From, creationTime - (long)Back.TotalMilliseconds) };

    /// <summary>What of it is asked for: whole milliseconds, the rest is decided by each line's own time.</summary>
    public EventWindow Within(LogTimestamp? since, LogTimestamp? until) => new(
        since is { } from ? Math.Max(From, Milliseconds(from)) : From,
        until is { } to ? Math.Min(To, Milliseconds(to.Add(TimeSpan.FromMilliseconds(1)))) : To);

    public bool Contains(long timestamp) => timestamp >= From && timestamp < To;

    private static long Milliseconds(LogTimestamp time) => Math.Max(0, (time.UnixSeconds * 1000) + (time.NanosecondOfSecond / 1_000_000));
}
