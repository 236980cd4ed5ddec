namespace RunLogs.Comparison.Api;

/// <summary>An answer of the API: an object, or a log.</summary>
internal sealed record ApiAnswer(int Status, string Json, LogQuery? Log = null);
