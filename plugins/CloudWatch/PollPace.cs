namespace RunLogs.Plugins.CloudWatch;

/// <summary>How often a followed stream is asked for more: each second after news, less often while it is silent.</summary>
internal sealed class PollPace(TimeProvider time)
{
    /// <summary>The longest wait between two polls.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBetweenLooks = TimeSpan.FromMinutes(5);

    private TimeSpan _delay = Shortest;
    private TimeSpan _untilLook = FirstLook;
    private DateTimeOffset _quietSince = time.GetUtcNow();

    /// <summary>Whether it was silent for so long that the container may have restarted.</summary>
    public bool IsTimeToLookForInstances { get; private set; }

    public void GotNews() => (_delay, _untilLook, _quietSince) = (Shortest, FirstLook, time.GetUtcNow());

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_delay, time, cancellationToken);
        _delay = Min(_delay * 1.5, Longest);
        IsTimeToLookForInstances = time.GetUtcNow() - _quietSince >= _untilLook;
        if (IsTimeToLookForInstances)
            (_untilLook, _quietSince) = (Min(_untilLook * 2, LongestBetweenLooks), time.GetUtcNow());
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
