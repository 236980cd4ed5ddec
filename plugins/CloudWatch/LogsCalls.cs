using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The service's calls as one tail makes them, their failures in words.</summary>
internal sealed class LogsCalls(IAmazonCloudWatchLogs logs, AwsAccess access, Governor governor, BudgetedCalls calls, ErrorTable errors, TimeProvider time)
{
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
        try
        {
            return await calls.CallAsync(operation, budget, call, cancellationToken);
        }
        catch (AmazonCloudWatchLogsException failure)
        {
            throw errors.Outcome(failure, operation, stream);
        }
    }
}
