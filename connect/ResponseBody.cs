using System.IO.Pipelines;

namespace RunLogs.Connect;

/// <summary>Where Grpc.AspNetCore writes the frames of its answer.</summary>
internal abstract class ResponseBody : PipeWriter
{
    /// <summary>Whether the answer has begun: gRPC then keeps its trailers out of the headers.</summary>
    public abstract bool IsStarted { get; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => 0;

    public abstract Task StartAsync(CancellationToken cancellationToken);

    public override void CancelPendingFlush()
    {
        // Nobody waits for a flush but gRPC itself.
    }

    public override void Complete(Exception? exception = null)
    {
        // The call ends its answer itself.
    }
}
