namespace RunLogs.Host.Contexts;

/// <summary>Which records a list gives; empty fields match all.</summary>
internal sealed record LogContextFilter(string Org, string Project, string Domain, string Run);
