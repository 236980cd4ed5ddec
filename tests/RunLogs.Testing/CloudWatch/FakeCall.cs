using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Testing.CloudWatch;

/// <summary>One call that a <see cref="FakeCloudWatchLogs"/> got.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="Request">Its parameters.</param>
/// <param name="At">When it came, by the test's clock.</param>
public sealed record FakeCall(string Operation, JsonObject Request, DateTimeOffset At)
{
    /// <summary>The connection it came on, for answers that are none of the service's.</summary>
    public required HttpContext Http { get; init; }

    /// <summary>Its parameters as they were sent.</summary>
    public required string Body { get; init; }

    public string? Stream => (string?)Request["logStreamName"];

    public string? Token => (string?)Request["nextToken"];
}
