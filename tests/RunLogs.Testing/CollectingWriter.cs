using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>A writer that takes every batch, keeps copies of its lines and disposes it, as the host does.</summary>
public sealed class CollectingWriter : ChannelWriter<LogBatch>
{
    private readonly Lock _lock = new();
    private readonly List<ReceivedLine> _lines = [];
    private readonly List<LogNotice> _notices = [];
    private readonly List<ContainerFacts> _facts = [];
    private readonly List<ContainerInstance> _instances = [];
    private readonly List<(Func<bool> Met, TaskCompletionSource Gate)> _waiters = [];
    private int _batches;

    public IReadOnlyList<ReceivedLine> Lines => Locked(() => _lines.ToArray());
    public IReadOnlyList<string> Texts => [.. Lines.Select(line => line.Text)];
    public IReadOnlyList<LogNotice> Notices => Locked(() => _notices.ToArray());
    public IReadOnlyList<ContainerFacts> Facts => Locked(() => _facts.ToArray());
    public IReadOnlyList<ContainerInstance> Instances => Locked(() => _instances.ToArray());
    public int Batches => Locked(() => _batches);

    /// <summary>The texts with the parts of long lines joined.</summary>
    public IReadOnlyList<byte[]> WholeLines()
    {
        List<byte[]> whole = [];
        var open = false;
        foreach (var line in Lines)
        {
            if (open)
                whole[^1] = [.. whole[^1], .. line.Bytes];
            else
                whole.Add(line.Bytes);

            open = line.End == LineEnd.Continues;
        }

        return whole;
    }

    /// <summary>Ends when so many lines have come.</summary>
    public Task LinesAsync(int count) => WhenAsync(() => _lines.Count >= count);

    /// <summary>Ends when a notice of this kind has come.</summary>
    public Task NoticeAsync(LogNoticeKind kind) => WhenAsync(() => _notices.Exists(notice => notice.Kind == kind));

    /// <summary>Ends when so many batches have come, with lines or without.</summary>
    public Task BatchesAsync(int count) => WhenAsync(() => _batches >= count);

    public override bool TryWrite(LogBatch item)
    {
        lock (_lock)
        {
            _batches++;
            _notices.AddRange(item.Notices);
            if (item.Facts is { } facts)
                _facts.Add(facts);

            if (item.Instance is { } instance)
                _instances.Add(instance);

            foreach (ref readonly var entry in item.Entries)
                _lines.Add(new(entry.Timestamp, item.TextOf(entry).ToArray(), entry.Stream, entry.Originator, entry.End, _instances.LastOrDefault()));

            item.Dispose();
            foreach (var (met, gate) in _waiters)
            {
                if (met())
                    gate.TrySetResult();
            }
        }

        return true;
    }

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);

    private Task WhenAsync(Func<bool> met)
    {
        lock (_lock)
        {
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (met())
                gate.SetResult();
            else
                _waiters.Add((met, gate));

            return gate.Task;
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
