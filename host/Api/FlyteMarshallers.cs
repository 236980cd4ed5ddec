using Google.Protobuf;
using Grpc.Core;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Host.Api;

/// <summary>How Flyte's two log calls are read and written: their fields have the same numbers, so one request type reads both.</summary>
internal static class FlyteMarshallers
{
    public static Method<TailLogsRequest, FlyteResponse> TailLogsOf(string service) =>
        new(MethodType.ServerStreaming, service, "TailLogs", Request, Response);

    private static Marshaller<TailLogsRequest> Request { get; } = Marshallers.Create<TailLogsRequest>(
        static (message, context) => context.Complete(message.ToByteArray()),
        CheckedRequests.Check(static context => TailLogsRequest.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    private static Marshaller<FlyteResponse> Response { get; } = Marshallers.Create<FlyteResponse>(
        static (message, context) =>
        {
            context.SetPayloadLength(message.Size);
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        static _ => throw new NotSupportedException("The host only writes responses."));
}
