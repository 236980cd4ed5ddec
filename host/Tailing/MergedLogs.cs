using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>
/// Several logs in the order of their times. A line goes out when every other log has shown a later one or has ended, or after it
/// has waited; what comes later than that is delivered late, and the order within a log is never changed.
/// </summary>
internal sealed class MergedLogs(IReadOnlyList<TailChannel> channels, IReadOnlyList<string> names, TailSignal signal, TimeProvider time) : ITailSource, IDisposable
{
    /// <summary>How long a line waits for those of other logs.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromSeconds(1);

    private readonly MergedLog[] _logs = [.. channels.Select(channel => new MergedLog(channel, time))];

    public bool HasItems
    {
        get
        {
            Look();
            return Untold() is not null || Next(out _) is not null;
        }
    }

    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = signal.Changed;
            if (HasItems)
            {
                return true;
            }

            if (Array.TrueForAll(_logs, log => log.HasEnded))
            {
                return Array.TrueForAll(_logs, log => log.Failure is not null) ? throw Verdicts.Combine([.. _logs.Select(log => log.Failure!)]) : false;
            }

            try
            {
                await changed.WaitAsync(UntilDue(), time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // A line has waited long enough.
            }
        }
    }

    public bool TryRead(out TailItem item)
    {
        Look();
        if (Untold() is { } failed)
        {
            item = Tell(failed);
            return true;
        }

        var next = Next(out var limit);
        item = next?.Take(limit) ?? default;
        return next is not null;
    }

    public void Dispose() => Array.ForEach(_logs, log => log.Drop());

    private void Look() => Array.ForEach(_logs, log => log.Look());

    // A log that failed is told of once it is clear that the tail goes on without it.
    private MergedLog? Untold() => Array.Exists(_logs, log => log.Failure is null && (log.IsOpen || log.HasEnded))
        ? Array.Find(_logs, log => log is { Failure: not null, FailureIsTold: false })
        : null;

    private TailItem Tell(MergedLog failed)
    {
        failed.FailureIsTold = true;
        var batch = new LogBatch();
        batch.Add(new LogNotice(LogNoticeKind.SourceFailed, $"The log of {names[failed.Index]} cannot be read, and the others go on without it: {failed.Failure!.Message}"));
        return new TailItem(batch, "", LogSourceKind.Live, failed.Index);
    }

    // The log whose next line is due, and the time up to which its lines are.
    private MergedLog? Next(out long limit)
    {
        MergedLog? first = null;
        (limit, var arrived, var isAwaited, var allSilent) = (long.MaxValue, long.MaxValue, false, true);
        foreach (var log in _logs)
        {
            if (log.HasFront)
            {
                arrived = Math.Min(arrived, log.Arrived);
                if (first is null || log.Key < first.Key)
                {
                    (limit, first) = (first?.Key ?? long.MaxValue, log);
                }
                else
                {
                    limit = Math.Min(limit, log.Key);
                }
            }
            else if (log.IsAwaited)
            {
                isAwaited = true;
                allSilent &= log.Silence >= Lateness;
            }
        }

        if (first is null || !isAwaited || time.GetElapsedTime(arrived) >= Lateness)
        {
            return first;
        }

        // Logs that are silent will go on with new lines: old ones need not wait for those.
        var settled = allSilent ? LogTimestamp.From(time.GetUtcNow() - Lateness).UnixNanoseconds : long.MinValue;
        limit = Math.Min(limit, settled);
        return first.Key <= settled ? first : null;
    }

    private TimeSpan UntilDue()
    {
        var due = Timeout.InfiniteTimeSpan;
        foreach (var log in _logs)
        {
            var waited = log.HasFront ? time.GetElapsedTime(log.Arrived) : log.IsAwaited ? log.Silence : Lateness;
            if (waited < Lateness && (due < TimeSpan.Zero || Lateness - waited < due))
            {
                due = Lateness - waited;
            }
        }

        return due;
    }
}
