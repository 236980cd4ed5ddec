using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RunLogs.Connect;

/// <summary>The whole body of a unary request, read when gRPC asks for it and shown as one framed gRPC message.</summary>
internal sealed class UnaryRequestReader(PipeReader body, long? contentLength, bool isGzip, int? limit, ICodec codec)
    : PipeReader, IRequestBodyPipeFeature
{
    private ReadOnlySequence<byte>? _rest;

    public PipeReader Reader => this;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        _rest ??= new ReadOnlySequence<byte>(GrpcFrame.Wrap(codec.Decode(await ReadBodyAsync(cancellationToken))));
        return new ReadResult(_rest.Value, isCanceled: false, isCompleted: true);
    }

    public override bool TryRead(out ReadResult result)
    {
        result = new ReadResult(_rest ?? ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: _rest is not null);
        return _rest is not null;
    }

    public override void AdvanceTo(SequencePosition consumed) => _rest = _rest?.Slice(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        // The body belongs to the server.
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(CancellationToken cancellationToken)
    {
        if (!isGzip && contentLength > limit)
            throw TooLarge();

        var whole = new ArrayBufferWriter<byte>();
        var stream = body.AsStream(leaveOpen: true);
        await using var plain = isGzip ? Gzip.Decompress(stream) : stream;
        try
        {
            int count;
            while ((count = await plain.ReadAsync(whole.GetMemory(), cancellationToken)) > 0)
            {
                whole.Advance(count);
                if (whole.WrittenCount > limit)
                    throw TooLarge();
            }
        }
        catch (InvalidDataException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The request body is not the gzip that its Content-Encoding says."));
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "The request body is larger than this server reads."));
        }

        return whole.WrittenMemory;
    }

    private RpcException TooLarge() => new(new Status(StatusCode.ResourceExhausted,
        $"The request is larger than the {limit} bytes that this service receives."));
}
