namespace RunLogs.Testing.Kubernetes;

/// <summary>Where a log stream ends before its time, and whether cleanly.</summary>
internal sealed record FakeCut(long Bytes, bool Clean);
