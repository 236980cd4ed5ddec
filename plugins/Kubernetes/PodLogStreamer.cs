using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Streams the containers of one cluster.</summary>
internal sealed class PodLogStreamer(ClusterConnection connection, KubernetesSettings settings, PluginContext context) : ILogStreamer
{
    private readonly CancellationTokenSource _disposed = new();
    private readonly OpenTails _open = new();
    private readonly ExhaustedNodes _exhausted = new(context.TimeProvider);
    private readonly SilenceWatch _silence = new(context.TimeProvider);
    private readonly ILogger _logger = context.LoggerFactory.CreateLogger("RunLogs.Kubernetes");

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        KubernetesName.Check(request);
        if (request.TailLines < 0)
        {
            throw new LogStreamException(LogStreamError.InvalidRequest, $"tail lines are {request.TailLines}; they must be 0 or more", "BAD_TAIL");
        }

        using var place = _open.Enter() ?? throw Disposed();
        return await TailAsync(request, output, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        await _disposed.CancelAsync();
        await _open.AllLeftAsync();
        _silence.Dispose();
        connection.Dispose();
        _disposed.Dispose();
    }

    private async Task<TailEnd> TailAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token, cancellationToken);
        ended.Token.ThrowIfCancellationRequested();
        if (request.Container.Length == 0)
        {
            var pod = await new PodStatusReader(connection, request).ReadAsync(ended.Token);
            request = request with { Container = pod.OnlyContainer(), PodUid = pod.Uid };
        }

        using var batches = new BatchWriter(output, request, context.TimeProvider);
        var container = new ContainerWatch(new PodStatusReader(connection, request), request, settings.WaitForStart, context.TimeProvider, _logger);
        var logs = new PodLogSource(connection, _exhausted, _silence, container, request, batches, context.MaxLineBytes, context.TimeProvider, _logger);
        try
        {
            return await new ContainerTail(container, logs, request, batches, _logger).RunAsync(ended.Token);
        }
        catch (LogStreamException pause) when (pause.Reason == BatchWriter.SlowClient)
        {
            // The upstream is closed: the node keeps the lines until there is room.
            await output.WaitToWriteAsync(ended.Token);
            throw;
        }
    }

    private static LogStreamException Disposed() => new(LogStreamError.Unavailable, "The Kubernetes backend is being replaced or shut down.", "SHUTTING_DOWN");
}
