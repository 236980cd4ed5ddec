using System.Collections.Concurrent;

namespace RunLogs.Testing.Leftovers;

/// <summary>As a fixture of a test assembly: fails the run when its tests leave a socket, a thread, a timer or an unobserved exception behind.</summary>
public sealed class LeftoverCount : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _unobserved = new();
    private readonly ProcessHoldings _before = ProcessHoldings.Of(Environment.ProcessId);
    private readonly IReadOnlyDictionary<string, int> _timersBefore = ActiveTimers.Count();

    public LeftoverCount() => TaskScheduler.UnobservedTaskException += Note;

    /// <summary>The time that is given to what was just closed: a thread ends after its owner, a socket after its peer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        var left = await FindAsync();
        TaskScheduler.UnobservedTaskException -= Note;
        if (left.Count > 0)
        {
            throw new InvalidOperationException($"The tests left behind: {string.Join("; ", left)}.");
        }
    }

    /// <summary>What is there beyond what was at the start, once that is nothing or patience has ended.</summary>
    public async Task<IReadOnlyList<string>> FindAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Collect();
            string[] left = [.. Held(), .. _unobserved.Select(text => $"unobserved exception {text}")];
            if (left.Length == 0 || !_unobserved.IsEmpty || TimeProvider.System.GetElapsedTime(began) >= Patience)
            {
                return left;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>The unobserved exceptions so far, which are forgotten then: for a test that provokes one.</summary>
    public IReadOnlyList<string> TakeUnobserved()
    {
        Collect();
        var taken = new List<string>();
        while (_unobserved.TryDequeue(out var text))
        {
            taken.Add(text);
        }

        return taken;
    }

    private IEnumerable<string> Held()
    {
        foreach (var held in ProcessHoldings.Of(Environment.ProcessId).Beyond(_before))
        {
            yield return held;
        }

        foreach (var (callback, count) in ActiveTimers.Count())
        {
            if (count - _timersBefore.GetValueOrDefault(callback) is > 0 and var more)
            {
                yield return $"active timers: {more} of {callback}";
            }
        }
    }

    private void Note(object? sender, UnobservedTaskExceptionEventArgs failure) => _unobserved.Enqueue($"{failure.Exception.GetBaseException()}");

    // Twice: what a finalizer lets go of is seen by the second.
    private static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
