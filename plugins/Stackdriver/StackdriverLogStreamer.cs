using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Streams containers' logs from the Cloud Logging of one cluster's project.</summary>
internal sealed class StackdriverLogStreamer : ILogStreamer
{
    private readonly StackdriverSettings _settings;
    private readonly PluginContext _context;
    private readonly Governor _governor;
    private readonly GoogleAccess _access;
    private readonly ILoggingServiceV2Client _logging;
    private readonly Retries _retries;
    private readonly ErrorTable _errors;
    private readonly ILogger _logger;
    private readonly OpenTails _open = new("Stackdriver");

    public StackdriverLogStreamer(StackdriverSettings settings, PluginContext context, Governor governor, GoogleAccess access, ILoggingServiceV2Client logging)
    {
        (_settings, _context, _governor, _access, _logging) = (settings, context, governor, access, logging);
        _retries = new Retries(ErrorTable.KindOf, access.TryRenew, context.TimeProvider);
        _errors = new ErrorTable(context.Configuration.Path, settings.ProjectId);
        _logger = context.LoggerFactory.CreateLogger("RunLogs.Plugins.Stackdriver");
    }

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        KubernetesName.Check(request);
        KubernetesName.CheckContainer(request);
        if (request.Previous)
            throw new LogStreamException(LogStreamError.FailedPrecondition, $"Cloud Logging does not tell the instances of container {request.Container} of pod {request.Pod} apart: ask for its whole log, or for a time.", "NO_INSTANCES");

        return await _open.RunAsync(token => TailAsync(request, output, token), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (await _open.CloseAsync())
        {
            _logging.Dispose();
            _access.Dispose();
        }
    }

    private async Task<TailEnd> TailAsync(TailRequest request, ChannelWriter<LogBatch> writer, CancellationToken cancellationToken)
    {
        _logger.TailBegins(request.Namespace, request.Pod, request.Container, _settings.ProjectId);
        using var output = new BatchOutput(writer);
        var time = _context.TimeProvider;
        var budgeted = new BudgetedCalls("Cloud Logging", _retries, budget => Governor.SlowDown(budget, time), output, time);
        var calls = new LoggingCalls(_logging, _governor.For(_settings.ProjectId, time), budgeted, _errors, _settings.ProjectId);
        using var tail = new ContainerTail(calls, _settings, request, _context, output);
        var end = await tail.RunAsync(cancellationToken) ?? throw Missing(request);
        _logger.TailEnds(request.Namespace, request.Pod, request.Container, end);
        return end;
    }

    private LogStreamException Missing(TailRequest request) => new(
        LogStreamError.NotFound,
        $"no entries of pod {request.Pod} container {request.Container} in namespace {request.Namespace} of cluster {_settings.ClusterName} in the Cloud Logging of project {_settings.ProjectId}; "
            + $"if there should be, check {_context.Configuration.Path}:ProjectId, :ClusterName and :Location, whether the cluster's workload logs are collected, and the exclusion filters of the project's sinks",
        "NOT_FOUND");
}
