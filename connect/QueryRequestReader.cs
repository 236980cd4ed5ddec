namespace RunLogs.Connect;

/// <summary>A request whose message is in its address.</summary>
internal sealed class QueryRequestReader(QueryMessage message, ICodec codec, int? limit) : RequestReader(codec, limit)
{
    protected override Task<(ReadOnlyMemory<byte> Bytes, bool IsGzip)> ReadMessageAsync(CancellationToken cancellationToken) =>
        message.Bytes.Length > Limit ? throw TooLarge() : Task.FromResult((message.Bytes, message.IsGzip));
}
