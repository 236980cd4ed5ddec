namespace RunLogs.Abstractions;

/// <summary>Nothing is configured for a backend: it becomes Disabled, which is no fault.</summary>
/// <param name="reason">A sentence that names the setting which would enable it.</param>
public sealed class BackendDisabledException(string reason) : Exception(reason);
