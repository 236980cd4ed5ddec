using Grpc.Core;

namespace RunLogs.Cli;

/// <summary>A failure as its user sees it: a sentence, and the exit code.</summary>
internal sealed class Failure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static Failure Of(RpcException error, Uri server) => error.StatusCode switch
    {
        _ when IsHttp1(error) => new(Cli.ExitCode.Unreachable, $"{server} answers without HTTP/2: name the host's gRPC address (port 8091 by default) with --server."),
        StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown when error.Status.DebugException is not null =>
            new(Cli.ExitCode.Unreachable, $"No answer from {server}: is the host running there? --server or RUNLOGS_SERVER names another gRPC address."),
        StatusCode.Unavailable or StatusCode.Aborted or StatusCode.ResourceExhausted or StatusCode.DeadlineExceeded => new(Cli.ExitCode.Unreachable, error.Status.Detail),
        StatusCode.NotFound => new(Cli.ExitCode.NotFound, error.Status.Detail),
        StatusCode.InvalidArgument or StatusCode.OutOfRange => new(Cli.ExitCode.Usage, error.Status.Detail),
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => new(Cli.ExitCode.Denied, error.Status.Detail),
        StatusCode.Unimplemented => new(Cli.ExitCode.Failed, $"{server} does not serve this: is it a RunLogs host? {error.Status.Detail}"),
        _ => new(Cli.ExitCode.Failed, error.Status.Detail),
    };

    // A server that does not speak the protocol, as the client library tells it.
    private static bool IsHttp1(RpcException error) =>
        error.Status.DebugException is HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError or HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse };
}
