using System.IO.Pipelines;
using Grpc.Core;

namespace RunLogs.Connect;

/// <summary>A request whose message is the one envelope of its body.</summary>
internal sealed class EnvelopeRequestReader(PipeReader body, bool mayBeGzip, ICodec codec, int? limit)
    : BodyRequestReader(body, codec, limit)
{
    protected override async Task<(ReadOnlyMemory<byte> Bytes, bool IsGzip)> ReadMessageAsync(CancellationToken cancellationToken)
    {
        var body = await ReadToEndAsync(Check, cancellationToken);
        if (body.IsEmpty)
            throw Refused(StatusCode.Unimplemented, "The request has no message; this method takes one.");

        if (body.Length < Envelope.HeadSize || body.Length - Envelope.HeadSize < Envelope.Read(body.Span).Length)
            throw Refused(StatusCode.InvalidArgument, $"The request body ends after {body.Length} bytes, inside an envelope.");

        return (body[Envelope.HeadSize..], Envelope.Read(body.Span).Flags == Envelope.Compressed);
    }

    private void Check(ReadOnlyMemory<byte> body)
    {
        if (body.Length < Envelope.HeadSize)
            return;

        var envelope = Envelope.Read(body.Span);
        if (envelope.Flags is not (0 or Envelope.Compressed))
            throw Refused(StatusCode.InvalidArgument, $"The envelope of the request has the flags {envelope.Flags}; a message has 0, or 1 when it is compressed.");
        if (envelope.Flags == Envelope.Compressed && !mayBeGzip)
            throw Refused(StatusCode.Internal, $"The envelope of the request says compressed, but {CallHeaders.StreamEncoding} names no compression.");
        if (envelope.Length > Limit)
            throw TooLarge();
        if (body.Length - Envelope.HeadSize > envelope.Length)
            throw Refused(StatusCode.Unimplemented, "The request has more than one message; this method takes one.");
    }
}
