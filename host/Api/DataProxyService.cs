using Grpc.Core;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Host.Api;

/// <summary>The log call of Flyte's current clients.</summary>
internal sealed class DataProxyService(FlyteTail tail) : DataProxyTail.ServiceBase
{
    public override Task TailLogs(TailLogsRequest request, IServerStreamWriter<FlyteResponse> responseStream, ServerCallContext context) =>
        tail.StreamAsync(request, responseStream, context, FlyteContainerField.Of);
}
