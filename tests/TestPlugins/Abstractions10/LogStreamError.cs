namespace RunLogs.Abstractions;

/// <summary>The kinds of failure a backend can report.</summary>
public enum LogStreamError
{
    /// <summary>This backend has nothing of the container; the next one is asked.</summary>
    NotFound,
    /// <summary>The backend refused our rights or credentials.</summary>
    PermissionDenied,
    /// <summary>A quota is used up; tried again after <see cref="LogStreamException.RetryAfter"/>.</summary>
    RateLimited,
    /// <summary>The backend cannot be reached or broke off; tried again at the position.</summary>
    Unavailable,
    /// <summary>The request cannot be served by this backend as it stands.</summary>
    InvalidRequest,
    /// <summary>Something must be changed first, by an operator or by the workload.</summary>
    FailedPrecondition,
    /// <summary>The backend answered something it should not.</summary>
    Internal,
}
