using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Streams containers' logs from the log groups of one cluster.</summary>
internal sealed class CloudWatchLogStreamer : ILogStreamer
{
    private readonly CloudWatchSettings _settings;
    private readonly PluginContext _context;
    private readonly Governor _governor;
    private readonly AwsAccess _access;
    private readonly IAmazonCloudWatchLogs _logs;
    private readonly Retries _retries;
    private readonly ILogger _logger;
    private readonly OpenTails _open = new("CloudWatch");

    public CloudWatchLogStreamer(CloudWatchSettings settings, PluginContext context, Governor governor, AwsAccess access, IAmazonCloudWatchLogs logs)
    {
        (_settings, _context, _governor, _access, _logs) = (settings, context, governor, access, logs);
        _retries = new Retries(ErrorTable.KindOf, access.TryRenew, context.TimeProvider);
        _logger = context.LoggerFactory.CreateLogger("RunLogs.Plugins.CloudWatch");
    }

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        KubernetesName.Check(request);
        KubernetesName.CheckContainer(request);
        return await _open.RunAsync(token => TailAsync(request, output, token), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (await _open.CloseAsync())
        {
            _logs.Dispose();
            _access.Dispose();
        }
    }

    private async Task<TailEnd> TailAsync(TailRequest request, ChannelWriter<LogBatch> writer, CancellationToken cancellationToken)
    {
        var group = GroupOf(request);
        _logger.TailBegins(request.Namespace, request.Pod, request.Container, group.Text);
        var end = new ArchiveEnd(request, _context.Archive, _context.TimeProvider);
        using var output = new BatchOutput(writer);
        using var decoder = new EventDecoder(request, _settings.MessageKeys, isShared: !_settings.LogStream.NamesPod);
        var budgeted = new BudgetedCalls("CloudWatch", _retries, budget => budget.SlowDown(), output, _context.TimeProvider);
        var calls = new LogsCalls(_logs, _access, _governor, budgeted, new ErrorTable(_context.Configuration.Path, group.Text), _context.TimeProvider);
        var source = new TailSource(calls, group, request, _context, decoder);
        while (true)
        {
            end.BeginRead();
            if (await TryOpenAsync(source, calls, group, request, decoder, end, cancellationToken) is { } instances)
            {
                var result = await new ContainerTail(source, request, _context, end, output).RunAsync(instances, cancellationToken);
                _logger.TailEnds(request.Namespace, request.Pod, request.Container, result);
                return result;
            }

            if (!end.MayAppear)
                throw Missing(request, group);

            await Task.Delay(PollPace.Longest, _context.TimeProvider, cancellationToken);
        }
    }

    // Null when there is nothing of the container yet; the agent makes the group and the stream with the first event.
    private async Task<InstanceList?> TryOpenAsync(
        TailSource source, LogsCalls calls, LogGroup group, TailRequest request, EventDecoder decoder, ArchiveEnd end, CancellationToken cancellationToken)
    {
        var search = new StreamSearch(calls, group, _settings, request, decoder, source.Lifetime(), _context.TimeProvider);
        var instances = new InstanceList(search, request);
        try
        {
            return await instances.TryBeginAsync(cancellationToken) ? instances : null;
        }
        catch (LogStreamException missing) when (missing.Error == LogStreamError.NotFound && end.MayAppear)
        {
            return null;
        }
    }

    private LogGroup GroupOf(TailRequest request) => new(_settings.LogGroup.PrefixFor(name => name switch
    {
        "cluster" => _settings.ClusterName,
        _ => request.Namespace,
    }).Prefix);

    private LogStreamException Missing(TailRequest request, LogGroup group) => new(
        LogStreamError.NotFound,
        $"no events of pod {request.Pod} container {request.Container} in namespace {request.Namespace} in the CloudWatch log group {group.Text}; if there should be, check {_context.Configuration.Path}:Preset and :LogStreamPrefix",
        "NOT_FOUND");
}
