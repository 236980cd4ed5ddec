using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>One of the logs of a merge: the batch at its front, and how far its time has come.</summary>
internal sealed class MergedLog(TailChannel channel, TimeProvider time)
{
    private TailItem? _front;
    private bool _begun;
    private long _newest = long.MinValue;
    private long? _silentSince;

    /// <summary>Which of the tail's logs it is.</summary>
    public int Index => channel.Log;

    /// <summary>Whether anything of it was there.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether nothing will come of it any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Why no backend could give it, or the rest of it.</summary>
    public TailFailedException? Failure { get; private set; }

    /// <summary>Whether its client was told so.</summary>
    public bool FailureIsTold { get; set; }

    public bool HasFront => _front is not null;

    /// <summary>Whether a later line of another log has to wait for what it may still bring.</summary>
    public bool IsAwaited => _front is null && !HasEnded;

    /// <summary>When the batch at its front came.</summary>
    public long Arrived => _front!.Value.Arrived;

    /// <summary>The newest time up to its next line, in nanoseconds; the lowest where no line but only notices come next.</summary>
    public long Key => _front!.Value.Batch.Entries is [var next, ..] ? Math.Max(_newest, next.Timestamp.UnixNanoseconds) : long.MinValue;

    public TimeSpan Silence => _silentSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Takes what is there to its front.</summary>
    public void Look()
    {
        if (_front is not null || HasEnded)
        {
            return;
        }

        var hasEnded = channel.Completion.IsCompleted;
        if (channel.TryRead(out var item))
        {
            (_front, _begun, _silentSince, IsOpen) = (item, false, null, true);
        }
        else if (hasEnded)
        {
            HasEnded = true;
            Failure = channel.Completion.Exception?.InnerException as TailFailedException;
            if (Failure is null)
            {
                channel.Completion.GetAwaiter().GetResult();
            }
        }
        else
        {
            _silentSince ??= time.GetTimestamp();
        }
    }

    /// <summary>Takes its lines up to a time, at least one; without a copy where the rest of its batch is taken.</summary>
    public TailItem Take(long limit)
    {
        var front = _front!.Value;
        var batch = front.Batch;
        var count = Count(batch.Entries, limit);
        var isRest = count == batch.Entries.Length;
        if (isRest && (!_begun || batch.Notices.Count == 0))
        {
            _front = null;
            return front;
        }

        var run = front with { Batch = batch.TakeFirst(count, first: !_begun), Hashes = null };
        batch.Facts = null;
        _begun = true;
        if (isRest)
        {
            Drop();
        }

        return run;
    }

    /// <summary>Gives back what nobody will read.</summary>
    public void Drop()
    {
        _front?.Dispose();
        _front = null;
    }

    // Parts of one line stay together.
    private int Count(ReadOnlySpan<LogEntry> entries, long limit)
    {
        var count = 0;
        for (var partOfLine = true; count < entries.Length; count++)
        {
            var key = Math.Max(_newest, entries[count].Timestamp.UnixNanoseconds);
            if (key > limit && !partOfLine)
            {
                break;
            }

            _newest = key;
            partOfLine = entries[count].End == LineEnd.Continues;
        }

        return count;
    }
}
