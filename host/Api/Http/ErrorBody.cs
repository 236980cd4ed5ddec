namespace RunLogs.Host.Api.Http;

/// <summary>The JSON body of an error over plain HTTP.</summary>
internal sealed record ErrorBody(string Code, string Message, IReadOnlyList<BackendError> Backends);
