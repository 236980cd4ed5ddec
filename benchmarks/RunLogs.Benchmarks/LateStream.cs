namespace RunLogs.Benchmarks;

/// <summary>Bytes of which at most 32 KiB come at once, and never at once.</summary>
internal sealed class LateStream(byte[] bytes) : MemoryStream(bytes)
{
    private const int Most = 32 * 1024;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return Read(buffer.Span[..Math.Min(buffer.Length, Most)]);
    }
}
