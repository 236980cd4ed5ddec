using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The service's JSON protocol under the names of the official client: the file to change when that package can be used.</summary>
internal sealed class AmazonCloudWatchLogsClient(JsonProtocol protocol) : IAmazonCloudWatchLogs
{
    public Task<GetLogEventsResponse> GetLogEventsAsync(GetLogEventsRequest request, CancellationToken cancellationToken) =>
        CallAsync("GetLogEvents", request, LogsJson.Default.GetLogEventsRequest, LogsJson.Default.GetLogEventsResponse, cancellationToken);

    public Task<FilterLogEventsResponse> FilterLogEventsAsync(FilterLogEventsRequest request, CancellationToken cancellationToken) =>
        CallAsync("FilterLogEvents", request, LogsJson.Default.FilterLogEventsRequest, LogsJson.Default.FilterLogEventsResponse, cancellationToken);

    public Task<DescribeLogStreamsResponse> DescribeLogStreamsAsync(DescribeLogStreamsRequest request, CancellationToken cancellationToken) =>
        CallAsync("DescribeLogStreams", request, LogsJson.Default.DescribeLogStreamsRequest, LogsJson.Default.DescribeLogStreamsResponse, cancellationToken);

    public void Dispose() => protocol.Dispose();

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        string operation, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType, CancellationToken cancellationToken)
    {
        using var response = await protocol.CallAsync(operation, JsonSerializer.SerializeToUtf8Bytes(request, requestType), cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            return await JsonSerializer.DeserializeAsync(body, responseType, cancellationToken) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException e)
        {
            throw new AmazonCloudWatchLogsException("", "The answer is not the service's JSON.", 502, e);
        }
    }
}
