using RunLogs.Abstractions;

namespace RunLogs.Host.Plugins;

/// <summary>A request's hold on the generation of a backend that serves it; the generation lives until the last one is disposed.</summary>
internal sealed class PluginLease(string backend, LogSourceKind kind, ILogStreamer streamer, Action release, CancellationToken replaced) : IDisposable
{
    private Action? _release = release;

    /// <summary>The backend's name.</summary>
    public string Backend => backend;

    public LogSourceKind Kind => kind;

    public ILogStreamer Streamer => streamer;

    /// <summary>Cancelled when the generation must go: the tail resumes on the next one.</summary>
    public CancellationToken Replaced => replaced;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
