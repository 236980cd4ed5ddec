using Polly;
using Polly.Retry;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>How often a call is tried: eight times when throttled, five times when the service or the way to it fails.</summary>
internal static class Retries
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public static ResiliencePipeline Create(TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(Strategy(7, ErrorTable.IsThrottling))
        .AddRetry(Strategy(4, ErrorTable.IsTransient))
        .Build();

    private static RetryStrategyOptions Strategy(int retries, Func<AmazonCloudWatchLogsException, bool> handles) => new()
    {
        MaxRetryAttempts = retries,
        ShouldHandle = new PredicateBuilder().Handle(handles),
        // Full jitter: calls that failed together do not come back together.
        DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Jitter(arguments.AttemptNumber)),
    };

    private static TimeSpan Jitter(int attempt) => Random.Shared.NextDouble() * TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(attempt, 10)));
}
