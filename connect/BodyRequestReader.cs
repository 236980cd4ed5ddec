using System.Buffers;
using System.IO.Pipelines;

namespace RunLogs.Connect;

/// <summary>A request whose message is in its body.</summary>
internal abstract class BodyRequestReader(PipeReader body, ICodec codec, int? limit) : RequestReader(codec, limit)
{
    public override void CancelPendingRead()
    {
        try
        {
            body.CancelPendingRead();
        }
        catch (IOException)
        {
            // The connection is gone, and whoever reads is told so.
        }
    }

    /// <summary>Reads to the end; <paramref name="check"/> sees what has come so far, and throws when more is not worth reading.</summary>
    protected async Task<ReadOnlyMemory<byte>> ReadToEndAsync(Action<ReadOnlyMemory<byte>> check, CancellationToken cancellationToken)
    {
        var whole = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            foreach (var part in read.Buffer)
                whole.Write(part.Span);
            body.AdvanceTo(read.Buffer.End);

            if (read.IsCanceled)
                throw new OperationCanceledException("The time of the call was over before its request had arrived.");
            check(whole.WrittenMemory);
            if (read.IsCompleted)
                return whole.WrittenMemory;
        }
    }
}
