using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace RunLogs.Connect;

/// <summary>Turns gRPC's frames into envelopes whose messages are written otherwise: in JSON, compressed, or both.</summary>
internal sealed class FrameTranscoder(string method, ConnectContentType contentType, ICodec codec, bool isGzip, ILogger logger)
{
    // What a stream keeps while it waits; a burst may need more for a moment.
    private const int LargestKept = 64 * 1024;

    private ArrayBufferWriter<byte> _frames = new();

    /// <summary>Whether envelopes may be compressed.</summary>
    public bool IsGzip => isGzip;

    /// <summary>Whether messages change at all on their way.</summary>
    public bool IsNeeded => isGzip || codec is not ProtoCodec;

    public IBufferWriter<byte> Frames => _frames;

    /// <summary>Writes what is whole.</summary>
    public void WriteTo(PipeWriter wire)
    {
        ReadOnlyMemory<byte> frames = _frames.WrittenMemory;
        try
        {
            while (GrpcFrame.TryTake(ref frames, out var message))
                Write(wire, codec.Encode(message));
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidOperationException)
        {
            Log.Unwritable(logger, method, contentType.Codec, fault);
            throw new RpcException(new Status(StatusCode.Internal, $"An answer of {method} could not be written as {contentType}."));
        }
        finally
        {
            Keep(frames);
        }
    }

    private void Write(PipeWriter wire, ReadOnlyMemory<byte> message)
    {
        if (isGzip && Gzip.IsWorthwhile(message))
            Envelope.Write(wire, Envelope.Compressed, Gzip.Compress(message).Span);
        else
            Envelope.Write(wire, flags: 0, message.Span);
    }

    private void Keep(ReadOnlyMemory<byte> rest)
    {
        if (rest.Length == _frames.WrittenCount)
            return;

        var next = _frames.Capacity > LargestKept || !rest.IsEmpty ? new ArrayBufferWriter<byte>() : _frames;
        next.ResetWrittenCount();
        next.Write(rest.Span);
        _frames = next;
    }
}
