using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>Streams containers' logs from the files below one root.</summary>
internal sealed class FileLogStreamer(LogRoot root, PluginContext context) : ILogStreamer
{
    private readonly PodSearch _pods = new(root);
    private readonly ILogger _logger = context.LoggerFactory.CreateLogger("RunLogs.Plugins.Files");
    private readonly OpenTails _open = new("Files");

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        KubernetesName.Check(request);
        return await _open.RunAsync(token => ReadAsync(request, output, token), cancellationToken);
    }

    public async ValueTask DisposeAsync() => await _open.CloseAsync();

    private async Task<TailEnd> ReadAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        // Files are read synchronously: not on the caller's time.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await TailAsync(request, output, cancellationToken);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new LogStreamException(LogStreamError.PermissionDenied, $"The log files of pod {request.Pod} container {request.Container} may not be read; give RunLogs the right to read below {root.Key}.", "FORBIDDEN", refused);
        }
        catch (IOException failed)
        {
            throw new LogStreamException(LogStreamError.Unavailable, $"The log files of pod {request.Pod} container {request.Container} cannot be read; check the directory of {root.Key}.", "UNREACHABLE", failed);
        }
    }

    private async Task<TailEnd> TailAsync(TailRequest request, ChannelWriter<LogBatch> writer, CancellationToken cancellationToken)
    {
        _logger.TailBegins(request.Namespace, request.Pod, request.Container);
        var end = new ArchiveEnd(request, context.Archive, context.TimeProvider);
        using var output = new BatchOutput(writer);
        while (true)
        {
            end.BeginRead();
            if (_pods.Find(request) is { } directory && directory.FirstInstance(request) is { } instance)
            {
                var result = await new ContainerTail(directory, request, context, end, output).RunAsync(instance, cancellationToken);
                _logger.TailEnds(request.Namespace, request.Pod, request.Container, result);
                return result;
            }

            if (!end.MayAppear)
                throw Missing(request);

            await Task.Delay(ContainerTail.PollInterval, context.TimeProvider, cancellationToken);
        }
    }

    private LogStreamException Missing(TailRequest request) => root.Exists
        ? new(LogStreamError.NotFound, $"no log files of pod {request.Pod} container {request.Container} in namespace {request.Namespace}", "NOT_FOUND")
        : new(LogStreamError.Unavailable, $"The directory of {root.Key} is not there.", "UNREACHABLE");
}
