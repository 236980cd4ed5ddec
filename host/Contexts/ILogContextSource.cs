using RunLogs.Abstractions;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>Where attempts' log contexts come from.</summary>
internal interface ILogContextSource
{
    /// <summary>What is known of an attempt, or of the latest for attempt 0; null at once when there is nothing.</summary>
    /// <param name="attempt">The attempt; an empty org matches any.</param>
    /// <param name="isReady">Whether a context names what is wanted; where more may come, it is waited for until then. Null to wait for nothing.</param>
    /// <param name="cancellationToken">The client's.</param>
    Task<LogContextRecord?> FindAsync(AttemptIdentity attempt, Predicate<LogContextRecord>? isReady, CancellationToken cancellationToken);

    /// <summary>Returns when contexts can be found.</summary>
    /// <exception cref="ContextException">Why they cannot.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
