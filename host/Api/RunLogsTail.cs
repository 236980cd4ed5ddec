using Grpc.Core;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Host.Api;

/// <summary><c>flyteidl2.workflow.RunLogsService</c> with responses in wire format; the nesting is what gRPC reflection looks for.</summary>
internal static class RunLogsTail
{
    private static readonly Method<TailLogsRequest, FlyteResponse> TailLogsMethod = FlyteMarshallers.TailLogsOf("flyteidl2.workflow.RunLogsService");

    public static Google.Protobuf.Reflection.ServiceDescriptor Descriptor => Protos.Flyte.Workflow.RunLogsServiceReflection.Descriptor.Services[0];

    [BindServiceMethod(typeof(RunLogsTail), nameof(BindService))]
    public abstract class ServiceBase
    {
        public abstract Task TailLogs(TailLogsRequest request, IServerStreamWriter<FlyteResponse> responseStream, ServerCallContext context);
    }

    public static void BindService(ServiceBinderBase binder, ServiceBase? service) =>
        binder.AddMethod(TailLogsMethod, service is null ? null : service.TailLogs);
}
