using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>The writer a backend is given: drops what was delivered before, keeps the position, and hands on to the bounded channel.</summary>
internal sealed class SeamWriter(TailChannel channel, LinePosition position, TailTelemetry telemetry) : ChannelWriter<LogBatch>
{
    private readonly List<LogNotice> _pending = [];
    private Seam _seam = Seam.At(position, SeamMode.Count);
    private Action _broken = () => { };
    private string _backend = "";
    private LogSourceKind _kind;
    private SeamDoubt _saidDoubt;

    /// <summary>Whether the open source has shown that it has the container.</summary>
    public bool IsOpen { get; private set; }

    public Seam Seam => _seam;

    /// <summary>The backend that the tail stands in: the last one whose repeats were over.</summary>
    public string? Source { get; private set; }

    /// <summary>What the notices on their way to the client say against the log's completeness.</summary>
    public StreamDoubts Doubts { get; } = new();

    /// <summary>Begins the next reading of a source.</summary>
    public void Open(string backend, LogSourceKind kind, Seam seam, Action broken)
    {
        _seam.Discard();
        (_backend, _kind, _seam, _broken, IsOpen, _saidDoubt) = (backend, kind, seam, broken, false, SeamDoubt.None);
    }

    /// <summary>A notice that goes out with the next batch that says something; the newest of its kind stands.</summary>
    public void Announce(LogNotice notice)
    {
        Discard(notice.Kind);
        _pending.Add(notice);
    }

    public void Discard(LogNoticeKind kind) => _pending.RemoveAll(pending => pending.Kind == kind);

    /// <summary>Sends the announced notices although no line follows.</summary>
    public ValueTask FlushNoticesAsync(CancellationToken cancellationToken) =>
        !_pending.Exists(IsDue) ? ValueTask.CompletedTask : WriteAsync(new LogBatch(), cancellationToken);

    public override bool TryWrite(LogBatch item)
    {
        if (!channel.HasRoomFor(item))
        {
            return false;
        }

        if (!_seam.IsClosed && position.IsOfAnotherInstance(item))
        {
            // The instance the tail stood in is gone at this source: all of the next one is new.
            _seam.Close();
        }

        _seam.Trim(item);
        if (_seam.IsBroken)
        {
            item.Dispose();
            _broken();
            return true;
        }

        SayDoubt();
        while (_seam.TryTake(out var kept))
        {
            Send(kept);
            if (!channel.HasRoomFor(item))
            {
                // What is left of the batch is new, and comes again.
                return false;
            }
        }

        var first = !IsOpen;
        IsOpen = true;
        if (item.Entries.IsEmpty && item.Notices.Count == 0 && item.Facts is null && !_pending.Exists(IsDue) && !first)
        {
            item.Dispose();
            return true;
        }

        Send(item);
        return true;
    }

    public override async ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default)
    {
        await channel.WaitForRoomAsync(cancellationToken);
        return true;
    }

    // The host completes the channel; a backend's own attempt is refused.
    public override bool TryComplete(Exception? error = null) => false;

    private bool IsReached => _seam.IsClosed;

    // That another backend goes on is told when it does.
    private bool IsDue(LogNotice notice) => notice.Kind != LogNoticeKind.SourceChanged || IsReached;

    private void Send(LogBatch batch)
    {
        var from = TakePending(batch) ? Source : null;
        Source = IsReached || !batch.Entries.IsEmpty ? _backend : Source;
        telemetry.Count(_backend, batch);
        var item = new TailItem(batch, _backend, _kind, channel.Log) { From = from, Hashes = LineHash.Of(batch) };
        item.Advance(position);
        if (!channel.TryWrite(item))
        {
            throw new InvalidOperationException("A backend wrote to its output from two threads at once.");
        }
    }

    private void SayDoubt()
    {
        if (_seam.Doubt <= _saidDoubt)
        {
            return;
        }

        _saidDoubt = _seam.Doubt;
        Announce(_saidDoubt == SeamDoubt.LinesLost
            ? new LogNotice(LogNoticeKind.LinesLost, $"{_backend} no longer has the lines that were read last: lines may be missing here.")
            : new LogNotice(LogNoticeKind.Inexact, $"{_backend} gives other times or texts than were read before: lines around here may be repeated or missing."));
    }

    // True when they tell that another backend goes on.
    [SuppressMessage("Reliability", "CA2000", Justification = "The batch is the caller's.")]
    private bool TakePending(LogBatch batch)
    {
        _pending.FindAll(IsDue).ForEach(batch.Add);
        _pending.RemoveAll(IsDue);
        foreach (var notice in batch.Notices)
        {
            Doubts.Note(notice);
        }

        return batch.Notices.Any(notice => notice.Kind == LogNoticeKind.SourceChanged);
    }
}
