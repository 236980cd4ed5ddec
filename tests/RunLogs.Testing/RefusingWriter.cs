using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>A writer that was completed before the first batch: it takes nothing.</summary>
public sealed class RefusingWriter : ChannelWriter<LogBatch>
{
    private readonly List<LogBatch> _refused = [];

    /// <summary>The batches that were offered: whoever offered them must have disposed them.</summary>
    public IReadOnlyList<LogBatch> Refused => _refused;

    /// <summary>The lines that stood in them when they were offered.</summary>
    public int LinesRefused { get; private set; }

    public override bool TryWrite(LogBatch item)
    {
        _refused.Add(item);
        LinesRefused += item.Entries.Length;
        return false;
    }

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(false);

    public override ValueTask WriteAsync(LogBatch item, CancellationToken cancellationToken = default)
    {
        TryWrite(item);
        return ValueTask.FromException(new ChannelClosedException());
    }
}
