using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Settings;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>The contexts of a Flyte, waited for where an attempt has not got as far as its pod.</summary>
internal sealed class FlyteContexts(IFlyteSource flyte, ActionUpdates updates, IOptions<RunLogsOptions> options, TimeProvider time, ILogger<FlyteContexts> logger) : ILogContextSource, IAsyncDisposable
{
    public async Task<LogContextRecord?> FindAsync(AttemptIdentity attempt, Predicate<LogContextRecord>? isReady, CancellationToken cancellationToken)
    {
        // Listened for before it is asked: what comes in between is not missed.
        using var news = updates.Subscribe(attempt);
        var began = time.GetTimestamp();
        var found = await flyte.FindAsync(attempt, cancellationToken);
        while (isReady is not null && found is { IsOver: false } && !isReady(found.Record))
        {
            var left = options.Value.Contexts.WaitForStart - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                throw new ContextException(ContextError.FailedPrecondition,
                    $"action {attempt} has got no pod with its containers within {options.Value.Contexts.WaitForStart.TotalSeconds:0.###} s: ask again when it runs");
            }

            logger.PodAwaited(attempt);
            await news.WaitAsync(left < flyte.PollInterval ? left : flyte.PollInterval, cancellationToken);
            try
            {
                found = await flyte.FindAsync(attempt, cancellationToken);
            }
            catch (ContextException e) when (e.Error == ContextError.Unavailable)
            {
                // Whoever waits already waits on: Flyte may be back in time.
            }
        }

        return found?.Record;
    }

    public Task CheckAsync(CancellationToken cancellationToken) => flyte.CheckAsync(cancellationToken);

    public ValueTask DisposeAsync() => flyte.DisposeAsync();
}
