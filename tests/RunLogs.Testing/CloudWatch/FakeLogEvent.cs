namespace RunLogs.Testing.CloudWatch;

/// <summary>An event as the service keeps it; <paramref name="Number"/> is its place among all that came.</summary>
public sealed record FakeLogEvent(string Stream, long Timestamp, long IngestionTime, string Message, long Number)
{
    public (long Timestamp, long Number) Position => (Timestamp, Number);
}
