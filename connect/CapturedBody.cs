using System.Buffers;
using System.IO.Pipelines;

namespace RunLogs.Connect;

/// <summary>A response body kept in memory until it is whole; its first flush is what starts a gRPC response.</summary>
internal sealed class CapturedBody : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public bool IsStarted { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => 0;

    public void Start() => IsStarted = true;

    public override void Advance(int bytes) => _bytes.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Start();
        return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: false));
    }

    public override void CancelPendingFlush()
    {
        // A flush never waits.
    }

    public override void Complete(Exception? exception = null)
    {
        // What was written stays readable.
    }
}
