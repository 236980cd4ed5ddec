namespace RunLogs.Benchmarks;

/// <summary>Bytes that come in parts, each of which is waited for.</summary>
internal sealed class LateStream(byte[] bytes, int part) : MemoryStream(bytes)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return Read(buffer.Span[..Math.Min(buffer.Length, part)]);
    }
}
