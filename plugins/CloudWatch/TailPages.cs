namespace RunLogs.Plugins.CloudWatch;

/// <summary>Where the last lines begin: the first pages of them, and the token of what follows those.</summary>
/// <param name="Held">The pages, oldest first.</param>
/// <param name="NextToken">Where to read on after them; null for the beginning.</param>
/// <param name="FirstEvent">The time of their first event; null when nothing stands before it.</param>
internal sealed record TailPages(IReadOnlyList<IReadOnlyList<OutputLogEvent>> Held, string? NextToken, long? FirstEvent);
