using Grpc.Core;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Host.Api;

/// <summary>The log call of Flyte's clients before v2.1.8, whose responses name no container.</summary>
internal sealed class RunLogsService(FlyteTail tail) : RunLogsTail.ServiceBase
{
    public override Task TailLogs(TailLogsRequest request, IServerStreamWriter<FlyteResponse> responseStream, ServerCallContext context) =>
        tail.StreamAsync(request, responseStream, context, static _ => []);
}
