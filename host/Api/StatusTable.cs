using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;

namespace RunLogs.Host.Api;

/// <summary>The one table from errors to status codes.</summary>
internal static class StatusTable
{
    public static StatusCode CodeOf(LogStreamError error) => error switch
    {
        LogStreamError.NotFound => StatusCode.NotFound,
        LogStreamError.PermissionDenied => StatusCode.PermissionDenied,
        LogStreamError.RateLimited => StatusCode.ResourceExhausted,
        LogStreamError.Unavailable => StatusCode.Unavailable,
        LogStreamError.InvalidRequest => StatusCode.InvalidArgument,
        LogStreamError.FailedPrecondition => StatusCode.FailedPrecondition,
        _ => StatusCode.Internal,
    };

    public static StatusCode CodeOf(ContextError error) => error switch
    {
        ContextError.InvalidArgument => StatusCode.InvalidArgument,
        ContextError.NotFound => StatusCode.NotFound,
        ContextError.PermissionDenied => StatusCode.PermissionDenied,
        ContextError.FailedPrecondition => StatusCode.FailedPrecondition,
        ContextError.Unavailable => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };

    /// <summary>After the first line Flyte's clients replay everything on some codes: those become Aborted, which they do not.</summary>
    public static StatusCode AfterFirstLine(StatusCode code) =>
        code is StatusCode.FailedPrecondition or StatusCode.PermissionDenied or StatusCode.DeadlineExceeded ? code : StatusCode.Aborted;

    public static int HttpStatusOf(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.Aborted or StatusCode.AlreadyExists => StatusCodes.Status409Conflict,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>The code's name as JSON bodies spell it.</summary>
    public static string NameOf(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument => "invalid_argument",
        StatusCode.FailedPrecondition => "failed_precondition",
        StatusCode.PermissionDenied => "permission_denied",
        StatusCode.NotFound => "not_found",
        StatusCode.ResourceExhausted => "resource_exhausted",
        StatusCode.Unavailable => "unavailable",
        StatusCode.DeadlineExceeded => "deadline_exceeded",
        StatusCode.Aborted => "aborted",
        _ => "internal",
    };
}
