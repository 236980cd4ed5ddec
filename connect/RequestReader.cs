using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RunLogs.Connect;

/// <summary>The one message of a request, read when gRPC asks for it and shown as one framed gRPC message.</summary>
/// <param name="codec">How it is written.</param>
/// <param name="limit">How many bytes it may have, as sent and as read; null is no limit.</param>
internal abstract class RequestReader(ICodec codec, int? limit) : PipeReader, IRequestBodyPipeFeature
{
    private ReadOnlySequence<byte>? _rest;

    public PipeReader Reader => this;

    protected int? Limit => limit;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        _rest ??= new ReadOnlySequence<byte>(GrpcFrame.Wrap(await DecodeAsync(cancellationToken)));
        return new ReadResult(_rest.Value, isCanceled: false, isCompleted: true);
    }

    public override bool TryRead(out ReadResult result)
    {
        result = new ReadResult(_rest ?? ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: _rest is not null);
        return _rest is not null;
    }

    public override void AdvanceTo(SequencePosition consumed) => _rest = _rest?.Slice(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

    public override void CancelPendingRead()
    {
        // Only a body on the wire is waited for.
    }

    public override void Complete(Exception? exception = null)
    {
        // The body belongs to the server.
    }

    /// <summary>The message as it was sent, and whether it is compressed.</summary>
    protected abstract Task<(ReadOnlyMemory<byte> Bytes, bool IsGzip)> ReadMessageAsync(CancellationToken cancellationToken);

    protected RpcException TooLarge() => Refused(StatusCode.ResourceExhausted, $"The request is larger than the {limit} bytes that this service receives.");

    protected static RpcException Refused(StatusCode code, string sentence) => new(new Status(code, sentence));

    private async Task<ReadOnlyMemory<byte>> DecodeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (bytes, isGzip) = await ReadMessageAsync(cancellationToken);
            return codec.Decode(isGzip && !bytes.IsEmpty ? Gzip.Decompress(bytes, limit) ?? throw TooLarge() : bytes);
        }
        catch (InvalidDataException)
        {
            throw Refused(StatusCode.InvalidArgument, "The request is not the gzip that it says it is.");
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw Refused(StatusCode.ResourceExhausted, "The request body is larger than this server reads.");
        }
    }
}
