using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Asks the backends of a chain in order for one container's log, until one of them brings it to an end.</summary>
internal sealed class SourceChain(IBackends backends, IOptions<RunLogsOptions> options, TailTelemetry telemetry, TimeProvider time, ILogger<SourceChain> logger, FactsRecorder? recorder = null)
{
    /// <summary>Streams the log into the channel and returns why it ended; throws <see cref="TailFailedException"/> when no backend could.</summary>
    public async Task<LogOutcome> RunAsync(TailRequest request, SourceSelection sources, LinePosition position, TailChannel channel, CancellationToken cancellationToken)
    {
        var output = new SeamWriter(channel, position, telemetry);
        var log = new ChainLog(request, position, output, time) { Recorder = recorder };
        var turn = new BackendTurn(log, backends, sources, options.Value, telemetry, time, logger) { Chain = backends.ChainOf(request.Cluster, request.Attempt?.Project) };
        try
        {
            return await new ChainRun(log, turn, sources, telemetry, time).RunAsync(cancellationToken);
        }
        finally
        {
            // Lines may still be kept back of a source that ended among them.
            output.Seam.Discard();
        }
    }
}
