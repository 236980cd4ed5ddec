using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>The times of the entries that are asked for: every query names both ends.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The one after the last.</param>
internal readonly record struct EntryWindow(LogTimestamp From, LogTimestamp To)
{
    // Starts and ends are known to the second, and are stamped beside the first and last lines. Another pod of the name may lie beyond.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    // The end may be another's: the attempt's, or when the pod was missed.
    private static readonly TimeSpan AfterEnd = TimeSpan.FromHours(1);

    // The service takes entries up to a day ahead, and keeps them for thirty where nobody changed it.
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    /// <summary>The container's whole lifetime, as far as it is known.</summary>
    public static EntryWindow Lifetime(TailRequest request, DateTimeOffset now)
    {
        var end = request.EndedAt?.Add(request.EndedAt == request.ContainerEnd ? Tolerance : AfterEnd);
        // The start is the newest instance's: others began before it.
        var start = request is { ContainerStart: not null, Instance: null } ? request.ContainerStart : null;
        return new(start?.Add(-Tolerance) ?? (request.EndedAt ?? LogTimestamp.From(now)).Add(-Retention), end ?? LogTimestamp.From(now + Ahead));
    }

    /// <summary>What of it is asked for.</summary>
    public EntryWindow Within(LogTimestamp? since, LogTimestamp? until) => new(since > From ? since.Value : From, until < To ? until.Value : To);
}
