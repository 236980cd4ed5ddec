using Microsoft.Extensions.Time.Testing;

namespace RunLogs.Testing;

/// <summary>What a budget of calls is held to.</summary>
public static class Rates
{
    /// <summary>However the window is laid over the calls, it has fewer than <paramref name="limit"/> of them.</summary>
    public static void AssertUnder(int limit, TimeSpan window, DateTimeOffset[] calls)
    {
        for (var i = limit - 1; i < calls.Length; i++)
        {
            var within = calls[i] - calls[i - limit + 1];
            Assert.True(within >= window, $"{limit} calls within {within} at {calls[i]:O}.");
        }
    }

    /// <summary>The next caller waits for so long, and not a millisecond less.</summary>
    public static async Task AssertNextAfterAsync(FakeTimeProvider time, Func<CancellationToken, Task> enter, TimeSpan wait)
    {
        var next = enter(CancellationToken.None);
        time.Advance(wait - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await next.WaitAsync(FakeNode.Patience);
    }
}
