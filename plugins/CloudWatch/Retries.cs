namespace RunLogs.Plugins.CloudWatch;

/// <summary>Tries a call again: eight times in all when it is throttled, five when the service or the way to it fails.</summary>
internal sealed class Retries(TimeProvider time)
{
    private const int MostThrottled = 8;
    private const int MostFailed = 5;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (int throttled = 0, failed = 0; ;)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (AmazonCloudWatchLogsException e) when (ErrorTable.IsThrottling(e) && ++throttled < MostThrottled)
            {
            }
            catch (AmazonCloudWatchLogsException e) when (ErrorTable.IsTransient(e) && ++failed < MostFailed)
            {
            }

            await Task.Delay(Jitter(throttled + failed - 1), time, cancellationToken);
        }
    }

    // Full jitter: calls that failed together do not come back together.
    private static TimeSpan Jitter(int attempt) => Random.Shared.NextDouble() * TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(attempt, 10)));
}
