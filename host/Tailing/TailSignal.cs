namespace RunLogs.Host.Tailing;

/// <summary>Wakes the one reader of several channels.</summary>
internal sealed class TailSignal(TimeProvider time)
{
    private TaskCompletionSource _changed = New();

    /// <summary>Completes with the next change after this was asked for.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    public long Now => time.GetTimestamp();

    public void Set() => Interlocked.Exchange(ref _changed, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
