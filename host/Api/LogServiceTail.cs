using Google.Protobuf;
using Grpc.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Api;

/// <summary><c>runlogs.v1.LogService</c> with responses in wire format; the nesting is what gRPC reflection looks for.</summary>
internal static class LogServiceTail
{
    private static readonly Method<TailLogsRequest, LogServiceResponse> TailLogsMethod = new(
        MethodType.ServerStreaming,
        "runlogs.v1.LogService",
        "TailLogs",
        Marshallers.Create<TailLogsRequest>(
            static (message, context) => context.Complete(message.ToByteArray()),
            CheckedRequests.Check(static context => TailLogsRequest.Parser.ParseFrom(context.PayloadAsReadOnlySequence()))),
        Marshallers.Create<LogServiceResponse>(
            static (message, context) =>
            {
                context.SetPayloadLength(message.Size);
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            static _ => throw new NotSupportedException("The host only writes responses.")));

    public static Google.Protobuf.Reflection.ServiceDescriptor Descriptor => LogServiceReflection.Descriptor.Services[0];

    [BindServiceMethod(typeof(LogServiceTail), nameof(BindService))]
    public abstract class ServiceBase
    {
        public abstract Task TailLogs(TailLogsRequest request, IServerStreamWriter<LogServiceResponse> responseStream, ServerCallContext context);
    }

    public static void BindService(ServiceBinderBase binder, ServiceBase? service) =>
        binder.AddMethod(TailLogsMethod, service is null ? null : service.TailLogs);
}
