using System.Collections.Concurrent;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>Runs asynchronous code on the caller's thread, so that it is known when nothing is due any more.</summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Work, object? State)> _due = new();

    public override void Post(SendOrPostCallback d, object? state) => _due.Enqueue((d, state));

    public T Start<T>(Func<T> work)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            return work();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Runs until nothing is due and nothing more happens; false when nothing was.</summary>
    public bool RunWhatIsDue(Func<bool> more)
    {
        var any = false;
        for (var quiet = 0; quiet < 3; quiet++)
        {
            while (_due.TryDequeue(out var next))
            {
                (quiet, any) = (0, true);
                Start(() =>
                {
                    next.Work(next.State);
                    return true;
                });
            }

            if (more())
            {
                quiet = 0;
            }

            Thread.Yield();
        }

        return any;
    }
}
