namespace RunLogs.Plugins.Kubernetes;

/// <summary>How the reading of one instance's log ended, with the reader that still holds what followed the last line feed.</summary>
internal sealed class LogRead(PodLogReader reader) : IDisposable
{
    /// <summary>Whether lines to come were waited for.</summary>
    public bool Followed { get; init; }

    /// <summary>Whether the request's time limit has passed.</summary>
    public bool TimeIsUp { get; init; }

    public Task TakeUnterminatedAsync(CancellationToken cancellationToken) => reader.TakeUnterminatedAsync(cancellationToken);

    public void Dispose() => reader.Dispose();
}
