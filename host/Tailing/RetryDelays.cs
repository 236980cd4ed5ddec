using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>The waits between tries of a failing backend: short at first, bounded by the budget, begun anew by progress.</summary>
internal sealed class RetryDelays(RetryOptions retry, TimeProvider time)
{
    private static readonly TimeSpan Eager = TimeSpan.FromSeconds(30);

    private long? _failingSince;
    private int _tries;

    /// <summary>Lines came, or the source stayed open: what fails next is a new failure.</summary>
    public void Progress() => (_failingSince, _tries) = (null, 0);

    /// <summary>How long to wait before the next try; null when the budget is used up.</summary>
    /// <param name="asked">What the backend asked for, if it did.</param>
    /// <param name="following">Whether the tail delivered lines before.</param>
    public TimeSpan? Next(TimeSpan? asked, bool following)
    {
        var failing = time.GetElapsedTime(_failingSince ??= time.GetTimestamp());
        var left = (following ? retry.WhileFollowing : retry.BeforeFirstLine) - failing;
        if (left <= TimeSpan.Zero)
        {
            return null;
        }

        // A source that comes back is found within 200 ms; one that stays away is left in peace. Jitter keeps many tails apart.
        var ceiling = failing < Eager ? 50 << Math.Min(_tries++, 2) : 5000;
        var delay = TimeSpan.FromMilliseconds(ceiling * (0.5 + (Random.Shared.NextDouble() / 2)));
        delay = asked > delay ? asked.Value : delay;
        return delay < left ? delay : left;
    }
}
