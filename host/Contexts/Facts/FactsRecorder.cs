using System.Threading.Channels;

namespace RunLogs.Host.Contexts;

/// <summary>Records what live pods tell of themselves, beside the tails that read them and never in their way; and forgets what is old.</summary>
internal sealed class FactsRecorder(RecordedFacts facts, TimeProvider time, ILogger<FactsRecorder> logger) : BackgroundService
{
    private static readonly TimeSpan PruneInterval = TimeSpan.FromDays(1);

    // Far more than tails that open at once; a database that is away loses the oldest.
    private readonly Channel<ContainerRecord> _records = Channel.CreateBounded<ContainerRecord>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private DateTimeOffset _pruneAt = DateTimeOffset.MinValue;

    /// <summary>Takes note; returns at once.</summary>
    public void Record(ContainerRecord record) => _records.Writer.TryWrite(record);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var record in _records.Reader.ReadAllAsync(stoppingToken))
            {
                await PutAsync(record, stoppingToken);
                if (time.GetUtcNow() >= _pruneAt)
                {
                    await PruneAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; a host that could not start does not expect to hear of it.
        }
    }

    private async Task PutAsync(ContainerRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await facts.PutAsync(record, cancellationToken);
            logger.FactsRecorded(record.Namespace, record.Detail.PodName, record.Container);
        }
        catch (ContextException e)
        {
            logger.FactsNotRecorded(record.Namespace, record.Detail.PodName, record.Container, e.Message);
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        _pruneAt = time.GetUtcNow() + PruneInterval;
        try
        {
            var pruned = await facts.PruneAsync(cancellationToken);
            if (pruned == RecordedFacts.MostPruned)
            {
                _pruneAt = DateTimeOffset.MinValue; // there is more: some with each record, so that none waits for long
            }

            logger.FactsPruned(pruned);
        }
        catch (ContextException e)
        {
            logger.FactsNotPruned(e.Message);
        }
    }
}
