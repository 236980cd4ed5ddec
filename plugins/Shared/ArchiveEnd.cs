using RunLogs.Abstractions;

namespace RunLogs.Plugins;

/// <summary>Decides when what an archive holds of a container counts as all there will be.</summary>
internal sealed class ArchiveEnd(TailRequest request, ArchiveTiming timing, TimeProvider time)
{
    // Nothing is asked for after Until: it ends a tail as the container's own end does.
    private readonly DateTimeOffset? _end = (request.EndedAt ?? request.Until)?.ToDateTimeOffset();
    private DateTimeOffset _lastNews = time.GetUtcNow();
    private DateTimeOffset _readFrom = time.GetUtcNow();

    /// <summary>Whether one read to the end is enough.</summary>
    public bool IsOneReadEnough => request.Follow == FollowMode.Never || request.Previous || IsLongAgo;

    /// <summary>Whether nothing will come after what the last read found.</summary>
    public bool IsOver => IsOneReadEnough || (_end is { } end && _readFrom >= end + timing.MinimumAfterEnd && _readFrom - _lastNews >= timing.QuietPeriod);

    /// <summary>Whether a log that is not there yet is worth waiting for.</summary>
    public bool MayAppear => request is { EndedAt: not null, Follow: FollowMode.Auto } && !IsOver;

    /// <summary>Whether the container is known to write no more.</summary>
    public bool IsKnownEnd => request.Follow == FollowMode.Auto ? request.EndedAt is not null || request.Previous : request.EndedAt is not null && IsLongAgo;

    private bool IsLongAgo => _end is { } end && _readFrom - end > timing.LagLimit;

    /// <summary>Marks the beginning of a read: only what it finds by its end counts.</summary>
    public void BeginRead() => _readFrom = time.GetUtcNow();

    public void GotNews() => _lastNews = time.GetUtcNow();
}
