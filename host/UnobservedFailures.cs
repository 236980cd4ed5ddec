namespace RunLogs.Host;

/// <summary>Logs what failed in a task that nobody observes, while the host runs.</summary>
internal sealed class UnobservedFailures(ILogger<UnobservedFailures> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        TaskScheduler.UnobservedTaskException += Tell;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        TaskScheduler.UnobservedTaskException -= Tell;
        return Task.CompletedTask;
    }

    private void Tell(object? sender, UnobservedTaskExceptionEventArgs failure) => logger.FailureUnobserved(failure.Exception);
}
