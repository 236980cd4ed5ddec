using RunLogs.Abstractions;

namespace RunLogs.Host.Contexts;

/// <summary>A way to ask a Flyte for where its attempts run.</summary>
internal interface IFlyteSource : IAsyncDisposable
{
    /// <summary>How long after an answer it is asked again by those who wait for more and hear nothing.</summary>
    TimeSpan PollInterval { get; }

    /// <summary>What Flyte knows of an attempt now, or of the latest for attempt 0; null when it knows none.</summary>
    Task<FlyteAttempt?> FindAsync(AttemptIdentity attempt, CancellationToken cancellationToken);

    /// <summary>Returns when it answers.</summary>
    /// <exception cref="ContextException">Why it does not.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
