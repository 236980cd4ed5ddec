using System.IO.Pipelines;

namespace RunLogs.Connect.Tests;

public class AbortedRequestTests
{
    [Fact]
    public void A_reading_can_be_given_up_whose_connection_is_gone() =>
        new EnvelopeRequestReader(new AbortedBody(), mayBeGzip: false, new ProtoCodec(request: null), limit: null).CancelPendingRead();

    /// <summary>As Kestrel's is, once a connection has faulted.</summary>
    private sealed class AbortedBody : PipeReader
    {
        public override void CancelPendingRead() => throw new IOException("The request stream was aborted.");

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void AdvanceTo(SequencePosition consumed) => throw new NotSupportedException();

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => throw new NotSupportedException();

        public override void Complete(Exception? exception = null) => throw new NotSupportedException();
    }
}
