using Grpc.Core;
using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Cursors;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Host.Api;

/// <summary>Flyte's log call, for both of the services that carry it.</summary>
internal sealed class FlyteTail(Tailer tailer, TailPlanner planner, CursorSeal cursors, IOptions<RunLogsOptions> options, TimeProvider time)
{
    public async Task StreamAsync(TailLogsRequest request, IServerStreamWriter<FlyteResponse> stream, ServerCallContext call, Func<TailRequest, byte[]> containerField)
    {
        if (request.ConnectorEndpoint.Length > 0)
        {
            throw new TailFailedException(StatusCode.FailedPrecondition, "RunLogs reads the logs of pods, not of connectors: leave connector_endpoint empty.");
        }

        FlyteResponse ResponseOf(TailRequest log) => new(containerField(log), request.AllPods ? FlyteContainerField.ShortNameOf(log.Pod) : [], options.Value.KeepLineEnd, time);
        var sink = new FlyteTailSink(stream, call, cursors, options.Value.KeepLineEnd, ResponseOf);
        var deadline = call.Deadline == DateTime.MaxValue ? DateTimeOffset.MaxValue : call.Deadline;
        try
        {
            var query = new TailQuery { Action = request.ActionId, Attempt = request.Attempt, Containers = ContainersOf(request) };
            await tailer.RunAsync(new TailCall(Callers.Of(call.GetHttpContext()), token => planner.PlanAsync(query, token), deadline), sink, call.CancellationToken);
        }
        catch (TailFailedException failure) when (sink.HasLines)
        {
            throw new TailFailedException(StatusTable.AfterFirstLine(failure.Code), failure.Message, failure.Verdicts);
        }
    }

    private static ContainerSelection ContainersOf(TailLogsRequest request) => request.PodSelectorCase switch
    {
        TailLogsRequest.PodSelectorOneofCase.AllPods when request.AllPods => new ContainerSelection([], AllPods: true),
        TailLogsRequest.PodSelectorOneofCase.PodName when request.PodName.Length > 0 => ContainerSelection.Primary with { Pod = request.PodName },
        _ => ContainerSelection.Primary,
    };
}
