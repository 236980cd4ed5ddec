using System.Threading.Channels;
using RunLogs.Abstractions;
using RunLogs.Host.Plugins;
using RunLogs.Host.Tailing;
using RunLogs.Plugins.Kubernetes;

namespace RunLogs.Benchmarks;

/// <summary>The Kubernetes backend from the point where a log request was answered.</summary>
internal sealed class BodyBackend(Stream body) : IBackends, ILogStreamer
{
    public IReadOnlyList<string> ChainOf(string cluster, string? project) => ["Kubernetes"];

    public PluginLease? TryLease(string backend, string cluster, out string reason)
    {
        reason = "";
        return new PluginLease(backend, LogSourceKind.Live, this, () => { }, CancellationToken.None);
    }

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        using var batches = new BatchWriter(output, request, TimeProvider.System);
        using var reader = new PodLogReader(new LineFilter(request.Since, request.Until), batches, request, maxLineBytes: 256 * 1024);
        await reader.ReadAsync(body, cancellationToken);
        await batches.FlushAsync(cancellationToken);
        return TailEnd.Complete;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
