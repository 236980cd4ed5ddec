namespace RunLogs.Connect;

/// <summary>How the messages of one method are written in a body: Protobuf, or its JSON.</summary>
internal interface ICodec
{
    /// <summary>A request body as a Protobuf message; an RpcException says what is wrong with it and where.</summary>
    ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body);

    /// <summary>A Protobuf message of the service as a response body.</summary>
    ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> message);
}
