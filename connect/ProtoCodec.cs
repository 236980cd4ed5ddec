using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace RunLogs.Connect;

/// <summary>Bodies that are Protobuf messages already.</summary>
internal sealed class ProtoCodec(MessageDescriptor? request) : ICodec
{
    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body)
    {
        try
        {
            // Read once here: gRPC's own reading of a malformed message ends as an unknown error of the handler.
            request?.Parser.ParseFrom(body.Span);
            return body;
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument,
                $"The request body is not a Protobuf message of type {request!.FullName}: {fault.Message}"));
        }
    }

    public ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> message) => message;
}
