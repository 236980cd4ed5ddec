using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Testing.Stackdriver;

/// <summary>One call that a <see cref="FakeLoggingService"/> got.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Headers">Its metadata.</param>
/// <param name="At">When it came, by the test's clock.</param>
public sealed record FakeListCall(ListLogEntriesRequest Request, IReadOnlyDictionary<string, string> Headers, DateTimeOffset At);
