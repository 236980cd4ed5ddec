using System.Text.Json.Serialization;

namespace RunLogs.Plugins.CloudWatch;

// Operations and types have the names of the package AWSSDK.CloudWatchLogs; times are milliseconds since the epoch, as on the wire.

/// <summary>The calls this backend makes; what is behind them can be replaced by the official client.</summary>
internal interface IAmazonCloudWatchLogs : IDisposable
{
    Task<GetLogEventsResponse> GetLogEventsAsync(GetLogEventsRequest request, CancellationToken cancellationToken);

    Task<FilterLogEventsResponse> FilterLogEventsAsync(FilterLogEventsRequest request, CancellationToken cancellationToken);

    Task<DescribeLogStreamsResponse> DescribeLogStreamsAsync(DescribeLogStreamsRequest request, CancellationToken cancellationToken);
}

/// <summary>A refusal in the service's own words, or an answer that is none.</summary>
internal sealed class AmazonCloudWatchLogsException(string errorCode, string message, int statusCode, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The service's code, such as <c>ThrottlingException</c>; empty when the answer has none.</summary>
    public string ErrorCode { get; } = errorCode;

    /// <summary>The HTTP status; 0 when no answer came.</summary>
    public int StatusCode { get; } = statusCode;

    public string? RequestId { get; init; }
}

/// <summary>One page of one stream's events.</summary>
internal sealed record GetLogEventsRequest
{
    public string? LogGroupName { get; init; }
    public string? LogGroupIdentifier { get; init; }
    public required string LogStreamName { get; init; }
    public long? StartTime { get; init; }
    public long? EndTime { get; init; }
    public string? NextToken { get; init; }
    public int? Limit { get; init; }
    public bool StartFromHead { get; init; }
}

internal sealed class GetLogEventsResponse
{
    public List<OutputLogEvent> Events { get; init; } = [];
    public string? NextForwardToken { get; init; }
    public string? NextBackwardToken { get; init; }
}

/// <summary>An event of one stream.</summary>
internal sealed class OutputLogEvent
{
    public long Timestamp { get; init; }
    public long IngestionTime { get; init; }

    [JsonConverter(typeof(LenientText))]
    public string Message { get; init; } = "";
}

/// <summary>One page of the events of a group that a pattern matches.</summary>
internal sealed record FilterLogEventsRequest
{
    public string? LogGroupName { get; init; }
    public string? LogGroupIdentifier { get; init; }
    public string? LogStreamNamePrefix { get; init; }
    public long? StartTime { get; init; }
    public long? EndTime { get; init; }
    public string? FilterPattern { get; init; }
    public string? NextToken { get; init; }
    public int? Limit { get; init; }
}

internal sealed class FilterLogEventsResponse
{
    public List<FilteredLogEvent> Events { get; init; } = [];
    public string? NextToken { get; init; }
}

/// <summary>An event that a pattern matched.</summary>
internal sealed class FilteredLogEvent
{
    public string LogStreamName { get; init; } = "";
    public long Timestamp { get; init; }

    [JsonConverter(typeof(LenientText))]
    public string Message { get; init; } = "";
}

/// <summary>One page of a group's streams.</summary>
internal sealed record DescribeLogStreamsRequest
{
    public string? LogGroupName { get; init; }
    public string? LogGroupIdentifier { get; init; }
    public string? LogStreamNamePrefix { get; init; }
    public string? NextToken { get; init; }
    public int? Limit { get; init; }
}

internal sealed class DescribeLogStreamsResponse
{
    public List<LogStream> LogStreams { get; init; } = [];
    public string? NextToken { get; init; }
}

internal sealed class LogStream
{
    public string LogStreamName { get; init; } = "";
    public long CreationTime { get; init; }
}
