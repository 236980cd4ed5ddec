namespace RunLogs.Host.Contexts;

/// <summary>A row of Flyte's <c>action_events</c>, and the latest attempt of its action.</summary>
internal sealed record FlyteEventRow(int Attempt, int Latest, int Phase, int Version, byte[] Info, DateTime CreatedAt);
