using System.Buffers;
using Grpc.Core;
using RunLogs.Host.Api;

namespace RunLogs.Benchmarks;

/// <summary>The end of a gRPC call: messages go through the host's marshaller into memory.</summary>
internal sealed class WireStream(IBufferWriter<byte> wire) : SerializationContext, IServerStreamWriter<FlyteResponse>
{
    private readonly Action<FlyteResponse, SerializationContext> _serialize = FlyteMarshallers.TailLogsOf("benchmark").ResponseMarshaller.ContextualSerializer;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(FlyteResponse message)
    {
        _serialize(message, this);
        return Task.CompletedTask;
    }

    public Task WriteAsync(FlyteResponse message, CancellationToken cancellationToken) => WriteAsync(message);

    public override void SetPayloadLength(int payloadLength)
    {
    }

    public override IBufferWriter<byte> GetBufferWriter() => wire;

    public override void Complete()
    {
    }

    public override void Complete(byte[] payload) => wire.Write(payload);
}
