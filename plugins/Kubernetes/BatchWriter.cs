using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Fills batches and hands them to the host; owns the one being filled.</summary>
internal sealed class BatchWriter(ChannelWriter<LogBatch> output) : IDisposable
{
    private LogBatch? _batch;

    /// <summary>Whether any line was given to it.</summary>
    public bool HasLines { get; private set; }

    /// <summary>Tells which instance the next lines belong to, and what is known of it.</summary>
    public void Begin(ContainerInstance instance, ContainerFacts facts)
    {
        _batch ??= new LogBatch();
        (_batch.Instance, _batch.Facts) = (instance, facts);
    }

    public void Add(LogNotice notice) => (_batch ??= new LogBatch()).Add(notice);

    public bool TryAppend(LogTimestamp time, ReadOnlySpan<byte> text, LineEnd end)
    {
        HasLines = true;
        return (_batch ??= new LogBatch()).TryAppend(time, text, OutputStream.Unknown, LogOriginator.User, end);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_batch is not { } batch)
        {
            return;
        }

        _batch = null;
        try
        {
            await output.WriteAsync(batch, cancellationToken);
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    public void Dispose() => _batch?.Dispose();
}
