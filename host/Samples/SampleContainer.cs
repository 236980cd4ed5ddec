namespace RunLogs.Host.Samples;

/// <summary>A container of a sample pod.</summary>
internal sealed record SampleContainer(string Name, bool IsPrimary = false, bool IsInit = false);
