namespace RunLogs.Plugins;

/// <summary>Tries a call again: eight times in all when it is throttled, five when the service or the way to it fails, once with new credentials.</summary>
internal sealed class Retries(Func<Exception, CallFailure> kindOf, Func<bool> tryRenew, TimeProvider time)
{
    private const int MostThrottled = 8;
    private const int MostFailed = 5;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>The call's answer, each attempt in its turn.</summary>
    /// <param name="budget">Where it waits for its turn.</param>
    /// <param name="call">The call.</param>
    /// <param name="throttled">Told of every attempt that was throttled.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<T> ExecuteAsync<T>(CallBudget budget, Func<CancellationToken, Task<T>> call, Action<CallBudget> throttled, CancellationToken cancellationToken)
    {
        for (var (isRenewed, tooMany, failed) = (false, 0, 0); ;)
        {
            await budget.EnterAsync(cancellationToken);
            try
            {
                return await call(cancellationToken);
            }
            catch (Exception e) when (!isRenewed && kindOf(e) == CallFailure.Expired && tryRenew())
            {
                isRenewed = true;
                continue;
            }
            catch (Exception e) when (kindOf(e) == CallFailure.Throttled)
            {
                throttled(budget);
                if (++tooMany >= MostThrottled)
                    throw;
            }
            catch (Exception e) when (kindOf(e) == CallFailure.Transient && ++failed < MostFailed)
            {
            }

            await Task.Delay(Jitter(tooMany + failed - 1), time, cancellationToken);
        }
    }

    // Full jitter: calls that failed together do not come back together.
    private static TimeSpan Jitter(int attempt) => Random.Shared.NextDouble() * TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(attempt, 10)));
}
