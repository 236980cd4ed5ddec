using System.Buffers;
using System.IO.Pipelines;

namespace RunLogs.Connect;

/// <summary>A response body kept in memory until it is whole; its first flush is what starts a gRPC response.</summary>
internal sealed class CapturedBody : ResponseBody
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private bool _isStarted;

    public override bool IsStarted => _isStarted;

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _isStarted = true;
        return Task.CompletedTask;
    }

    public override void Advance(int bytes) => _bytes.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        _isStarted = true;
        return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: false));
    }
}
