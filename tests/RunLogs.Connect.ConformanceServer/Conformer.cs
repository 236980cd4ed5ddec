using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace RunLogs.Connect.Conformance;

/// <summary>Answers as each request says, and tells what it saw of it.</summary>
internal sealed class Conformer : ConformanceService.ConformanceServiceBase
{
    public override async Task<UnaryResponse> Unary(UnaryRequest request, ServerCallContext context) =>
        new() { Payload = await AnswerAsync(request.ResponseDefinition, request, context) };

    public override async Task<IdempotentUnaryResponse> IdempotentUnary(IdempotentUnaryRequest request, ServerCallContext context) =>
        new() { Payload = await AnswerAsync(request.ResponseDefinition, request, context) };

    public override async Task ServerStream(
        ServerStreamRequest request, IServerStreamWriter<ServerStreamResponse> responseStream, ServerCallContext context)
    {
        if (request.ResponseDefinition is not { } definition)
            return;

        var info = Seen.RequestInfo(request, context);
        await SendMetadataAsync(definition.ResponseHeaders, definition.ResponseTrailers, context);
        foreach (var data in definition.ResponseData)
        {
            await DelayAsync(definition.ResponseDelayMs, context);
            await responseStream.WriteAsync(new ServerStreamResponse { Payload = new ConformancePayload { Data = data, RequestInfo = info } });
            info = null;
        }

        if (definition.Error is { } error)
            throw Failure(error, info);
    }

    private static async Task<ConformancePayload> AnswerAsync(UnaryResponseDefinition? definition, IMessage request, ServerCallContext context)
    {
        var info = Seen.RequestInfo(request, context);
        if (definition is null)
            return new ConformancePayload { RequestInfo = info };

        await DelayAsync(definition.ResponseDelayMs, context);
        await SendMetadataAsync(definition.ResponseHeaders, definition.ResponseTrailers, context);
        return definition.Error is { } error
            ? throw Failure(error, info)
            : new ConformancePayload { Data = definition.ResponseData, RequestInfo = info };
    }

    private static Task DelayAsync(uint milliseconds, ServerCallContext context) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, context.CancellationToken);

    private static Task SendMetadataAsync(RepeatedField<Header> headers, RepeatedField<Header> trailers, ServerCallContext context)
    {
        var leading = new Metadata();
        Add(headers, leading);
        Add(trailers, context.ResponseTrailers);
        return context.WriteResponseHeadersAsync(leading);
    }

    private static void Add(RepeatedField<Header> headers, Metadata metadata)
    {
        foreach (var header in headers)
        {
            foreach (var value in header.Value)
            {
                if (header.Name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
                    metadata.Add(header.Name, Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '=')));
                else
                    metadata.Add(header.Name, value);
            }
        }
    }

    private static RpcException Failure(Error error, ConformancePayload.Types.RequestInfo? info)
    {
        var status = new Google.Rpc.Status { Code = (int)error.Code, Message = error.Message, Details = { error.Details } };
        if (info is not null)
            status.Details.Add(Any.Pack(info));
        return new RpcException(
            new Status((StatusCode)status.Code, status.Message), new Metadata { { "grpc-status-details-bin", status.ToByteArray() } });
    }
}
