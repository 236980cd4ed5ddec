namespace RunLogs.Connect.Tests.Conformance;

/// <summary>A body that does not tell its length, and is handed over byte by byte.</summary>
internal sealed class UnannouncedBody(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    // What copies in one go would not be one byte at a time.
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        while (Read(one) > 0)
        {
            await destination.WriteAsync(one, cancellationToken);
            await destination.FlushAsync(cancellationToken);
        }
    }
}
