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
        _rest ??= new ReadOnlySequence<byte>(GrpcFrame.Wrap(await ReadMessageAsync(cancellationToken)));
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

    private async Task<ReadOnlyMemory<byte>> ReadMessageAsync(CancellationToken cancellationToken)
    {
        if (contentLength > limit)
            throw TooLarge();

        try
        {
            var whole = await ReadBodyAsync(cancellationToken);
            return codec.Decode(isGzip && !whole.IsEmpty ? Gzip.Decompress(whole, limit) ?? throw TooLarge() : whole);
        }
        catch (InvalidDataException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The request body is not the gzip that its Content-Encoding says."));
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "The request body is larger than this server reads."));
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(CancellationToken cancellationToken)
    {
        var whole = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);

            // Nothing exceeds a limit of null.
            var fits = !(whole.WrittenCount + read.Buffer.Length > limit);
            if (fits)
                foreach (var part in read.Buffer)
                    whole.Write(part.Span);
            body.AdvanceTo(read.Buffer.End);

            if (read.IsCanceled)
                throw new OperationCanceledException("The time of the call was over before its request had arrived.");
            if (!fits)
                throw TooLarge();
            if (read.IsCompleted)
                return whole.WrittenMemory;
        }
    }

    private RpcException TooLarge() => new(new Status(StatusCode.ResourceExhausted,
        $"The request is larger than the {limit} bytes that this service receives."));
}
