using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>A writer whose reader stands still: it has no room, ever.</summary>
public sealed class FullWriter : ChannelWriter<LogBatch>
{
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LogBatch? _offered;

    /// <summary>Ends when somebody waits for room.</summary>
    public Task Waiting => _waiting.Task;

    /// <summary>The batch that found no room: whoever offered it must dispose it.</summary>
    public LogBatch? Offered => _offered;

    public override bool TryWrite(LogBatch item)
    {
        _offered = item;
        return false;
    }

    public override async ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default)
    {
        var forever = new TaskCompletionSource<bool>();
        await using var _ = cancellationToken.Register(() => forever.TrySetCanceled(cancellationToken));
        _waiting.TrySetResult();
        return await forever.Task;
    }

    public override async ValueTask WriteAsync(LogBatch item, CancellationToken cancellationToken = default)
    {
        TryWrite(item);
        await WaitToWriteAsync(cancellationToken);
    }
}
