namespace RunLogs.Host.Contexts;

/// <summary>Why a log context could not be given or kept.</summary>
internal enum ContextError
{
    InvalidArgument,
    NotFound,
    PermissionDenied,
    FailedPrecondition,
    Unavailable,
    Internal,
}
