namespace RunLogs.Host.Tailing;

/// <summary>One client's call: what it asks for, who it is and how long it wants to wait.</summary>
/// <param name="Caller">Whose places are counted: the remote address.</param>
/// <param name="Plan">Resolves what is streamed; its failures reach the client as they are.</param>
/// <param name="Deadline">The client's own; <see cref="DateTimeOffset.MaxValue"/> for none.</param>
internal sealed record TailCall(string Caller, Func<CancellationToken, Task<TailPlan>> Plan, DateTimeOffset Deadline);
