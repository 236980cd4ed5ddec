namespace RunLogs.Plugins.Stackdriver;

/// <summary>How often a followed container is asked for more: every five seconds after news, less often while it is silent.</summary>
internal sealed class PollPace(TimeProvider time)
{
    /// <summary>The shortest wait between two polls.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private TimeSpan _delay = Shortest;

    public void GotNews() => _delay = Shortest;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_delay, time, cancellationToken);
        _delay = _delay * 1.5 < Longest ? _delay * 1.5 : Longest;
    }
}
