using System.IO.Pipelines;

namespace RunLogs.Connect;

/// <summary>A request whose message is its body.</summary>
internal sealed class UnaryRequestReader(PipeReader body, long? contentLength, bool isGzip, ICodec codec, int? limit)
    : BodyRequestReader(body, codec, limit)
{
    protected override async Task<(ReadOnlyMemory<byte> Bytes, bool IsGzip)> ReadMessageAsync(CancellationToken cancellationToken)
    {
        // Nothing exceeds a limit of null.
        if (contentLength > Limit)
            throw TooLarge();

        return (await ReadToEndAsync(Check, cancellationToken), isGzip);
    }

    private void Check(ReadOnlyMemory<byte> body)
    {
        if (body.Length > Limit)
            throw TooLarge();
    }
}
