using Grpc.Core;
using Microsoft.Extensions.Options;
using RunLogs.Host.Cursors;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Api;

/// <summary>The log call of RunLogs' own: all that Flyte's request cannot say.</summary>
internal sealed class LogService(Tailer tailer, TailPlanner planner, CursorSeal cursors, IOptions<RunLogsOptions> options, TimeProvider time) : LogServiceTail.ServiceBase
{
    public override Task TailLogs(TailLogsRequest request, IServerStreamWriter<LogServiceResponse> responseStream, ServerCallContext context)
    {
        var query = LogServiceQuery.Parse(request, cursors);
        var deadline = context.Deadline == DateTime.MaxValue ? DateTimeOffset.MaxValue : context.Deadline;
        var call = new TailCall(Callers.Of(context.GetHttpContext()), token => planner.PlanAsync(query, token), deadline);
        return tailer.RunAsync(call, new LogServiceSink(responseStream, context, cursors, options.Value.KeepLineEnd, time), context.CancellationToken);
    }
}
