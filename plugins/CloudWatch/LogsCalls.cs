using System.Globalization;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The calls of one tail: each in its turn, retried, its failure in words, and long waits told to the client.</summary>
internal sealed class LogsCalls(IAmazonCloudWatchLogs logs, AwsAccess access, Governor governor, Retries retries, ErrorTable errors, BatchOutput output, TimeProvider time)
{
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(5);
    private bool _isThrottled;
    private bool _told;

    public Task<GetLogEventsResponse> GetLogEventsAsync(GetLogEventsRequest request, CancellationToken cancellationToken) =>
        CallAsync("GetLogEvents", request.LogStreamName, token => logs.GetLogEventsAsync(request, token), cancellationToken);

    public Task<FilterLogEventsResponse> FilterLogEventsAsync(FilterLogEventsRequest request, CancellationToken cancellationToken) =>
        CallAsync("FilterLogEvents", null, token => logs.FilterLogEventsAsync(request, token), cancellationToken);

    public Task<DescribeLogStreamsResponse> DescribeLogStreamsAsync(DescribeLogStreamsRequest request, CancellationToken cancellationToken) =>
        CallAsync("DescribeLogStreams", null, token => logs.DescribeLogStreamsAsync(request, token), cancellationToken);

    private async Task<T> CallAsync<T>(string operation, string? stream, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var region = (await access.PlaceAsync(cancellationToken)).Region.SystemName;
        var budget = governor.For(await access.AccountAsync(cancellationToken), region, operation, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = TryAsync(operation, budget, call, ended.Token);
        try
        {
            await TellWhileWaitingAsync(operation, budget, answer, ended.Token);
            return await answer;
        }
        catch (AmazonCloudWatchLogsException failure)
        {
            throw errors.Outcome(failure, operation, stream);
        }
        finally
        {
            _isThrottled = false;
            await ended.CancelAsync();
            // Nothing of the call outlives it.
            await answer.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<T> TryAsync<T>(string operation, CallBudget budget, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var renewed = false;
        return await retries.ExecuteAsync(async token =>
        {
            while (true)
            {
                await budget.EnterAsync(token);
                try
                {
                    return await call(token);
                }
                catch (AmazonCloudWatchLogsException e) when (ErrorTable.IsExpired(e) && !renewed && access.TryRenew())
                {
                    renewed = true;
                }
                catch (AmazonCloudWatchLogsException e) when (ErrorTable.IsThrottling(e))
                {
                    _isThrottled = true;
                    budget.SlowDown();
                    throw;
                }
            }
        }, cancellationToken);
    }

    // A notice goes out once the host knows that this backend has the container: before, it would take it for that.
    private async Task TellWhileWaitingAsync(string operation, CallBudget budget, Task answer, CancellationToken cancellationToken)
    {
        if (answer.IsCompleted || _told)
            return;

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(answer, Task.Delay(WorthTelling, time, over.Token));
        await over.CancelAsync();
        if (first == answer || !output.IsOpen || !(_isThrottled || budget.Wait > TimeSpan.FromSeconds(1)))
            return;

        _told = true;
        var seconds = Math.Ceiling(budget.Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        output.Batch.Add(new LogNotice(LogNoticeKind.Throttled, _isThrottled
            ? $"CloudWatch limits the calls of {operation}: lines come later until it lets more through."
            : $"All tails together read CloudWatch as often as its quota of {operation} allows: lines come up to {seconds} s later."));
        await output.FlushAsync(cancellationToken);
    }
}
