using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Streams the containers of one cluster.</summary>
internal sealed class PodLogStreamer(ClusterConnection connection, KubernetesSettings settings, PluginContext context) : ILogStreamer
{
    private readonly OpenTails _open = new("Kubernetes");
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

        return await _open.RunAsync(token => TailAsync(request, output, token), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (await _open.CloseAsync())
        {
            _silence.Dispose();
            connection.Dispose();
        }
    }

    private async Task<TailEnd> TailAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        if (request.Container.Length == 0)
        {
            var pod = await new PodStatusReader(connection, request).ReadAsync(cancellationToken);
            request = request with { Container = pod.OnlyContainer(), PodUid = pod.Uid };
        }

        using var batches = new BatchWriter(output, request, context.TimeProvider);
        var container = new ContainerWatch(new PodStatusReader(connection, request), request, settings.WaitForStart, context.TimeProvider, _logger);
        var logs = new PodLogSource(connection, _exhausted, _silence, container, request, batches, context.MaxLineBytes, context.TimeProvider, _logger);
        try
        {
            return await new ContainerTail(container, logs, request, batches, _logger).RunAsync(cancellationToken);
        }
        catch (LogStreamException pause) when (pause.Reason == BatchWriter.SlowClient)
        {
            // The upstream is closed: the node keeps the lines until there is room.
            await output.WaitToWriteAsync(cancellationToken);
            throw;
        }
    }
}
