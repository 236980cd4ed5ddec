using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Clients;

/// <summary>Many follows at once, all opened together.</summary>
internal sealed class Follows : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _running = [];
    private IReadOnlyList<Follow> _all = [];

    public Delays Delays { get; } = new();

    /// <summary>How long it took until each of them had its first line.</summary>
    public TimeSpan OpenedWithin { get; private set; }

    /// <summary>Opens a follow of each pod; fails if one of them does.</summary>
    public static async Task<Follows> OpenAsync(IEnumerable<string> pods, Func<Follow, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        var follows = new Follows();
        follows._all = [.. pods.Select(pod => new Follow(pod, follows.Delays))];
        var began = TimeProvider.System.GetTimestamp();
        follows._running.AddRange(follows._all.Select(follow => follows.RunAsync(follow, run)));
        try
        {
            await Task.WhenAll(follows._all.Select(follow => follow.Opened)).WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            var open = follows._all.Count(follow => follow.Opened.IsCompletedSuccessfully);
            await follows.DisposeAsync();
            throw new WrongBytesException($"Of {follows._all.Count} follows only {open} had a line within {Patience}.");
        }
        catch
        {
            await follows.DisposeAsync();
            throw;
        }

        follows.OpenedWithin = TimeProvider.System.GetElapsedTime(began);
        return follows;
    }

    /// <summary>Delays of the next while, in microseconds; every follow must get its line of each second, late or not.</summary>
    public async Task<IReadOnlyList<double>> TakeAsync(TimeSpan window, CancellationToken cancellationToken)
    {
        var due = _all.Select(follow => follow.Lines + (long)window.TotalSeconds - 1).ToArray();
        var delays = await Delays.TakeAsync(window, cancellationToken);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            CheckRunning();
            if (_all.Where((follow, i) => follow.Lines < due[i]).FirstOrDefault() is not { } starved)
            {
                return delays;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new WrongBytesException($"A follow of {starved.Pod} got too few lines.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>None may have failed or ended.</summary>
    public void CheckRunning()
    {
        if (_running.Find(one => one.IsCompleted) is { } ended)
        {
            throw new WrongBytesException($"{_running.Count(one => one.IsCompleted)} of {_running.Count} follows ended: {ended.Exception?.GetBaseException().Message ?? "without an error"}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task RunAsync(Follow follow, Func<Follow, CancellationToken, Task> run)
    {
        try
        {
            await run(follow, _end.Token);
            throw new WrongBytesException($"A follow of {follow.Pod} ended.");
        }
        catch (Exception fault)
        {
            follow.Fail(fault);
            throw;
        }
    }
}
