namespace RunLogs.Host.Api.Http;

/// <summary>What one backend said, in an <see cref="ErrorBody"/>.</summary>
internal sealed record BackendError(string Backend, string Reason, string Message);
