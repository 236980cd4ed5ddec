using System.Text;
using System.Threading.Channels;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>New lines that stand among repeats are kept back; when the tail ends before the repeats do, their buffers go back to the pool.</summary>
public sealed class HeldLinesTests
{
    [Fact]
    public void Of_a_source_that_fails_for_good()
    {
        using var buffers = new RentedBuffers();
        using (var rig = Rig((_, _) => throw new LogStreamException(LogStreamError.PermissionDenied, "refused", "FORBIDDEN")))
        {
            Assert.IsType<TailFailedException>(Assert.Single(rig.RunAsync().Exception!.InnerExceptions));
            Assert.Equal(["one", "three"], rig.Lines);
        }

        Assert.InRange(buffers.Rents, 3, 100);
        Assert.Equal(0, buffers.Left);
    }

    [Fact]
    public void Of_a_tail_that_its_client_leaves()
    {
        using var buffers = new RentedBuffers();
        using (var rig = Rig((time, token) => Task.Delay(Timeout.InfiniteTimeSpan, time, token)))
        {
            Assert.True(rig.RunAsync(atMost: TimeSpan.FromSeconds(30)).IsCanceled);
            Assert.Equal(["one", "three"], rig.Lines);
        }

        Assert.InRange(buffers.Rents, 3, 100);
        Assert.Equal(0, buffers.Left);
    }

    // Reopened, it has a line that came out of order between those that were delivered.
    private static ChainRig Rig(Func<TimeProvider, CancellationToken, Task> rest) => new(("Kubernetes", LogSourceKind.Live, time => new ScriptedStreamer(
        async (_, output, token) =>
        {
            await WriteAsync(output, token, (0, "one"), (20, "three"));
            throw new LogStreamException(LogStreamError.Unavailable, "cut", "STREAM_CUT");
        },
        async (_, output, token) =>
        {
            await WriteAsync(output, token, (0, "one"), (10, "two"));
            await rest(time, token);
            return TailEnd.Complete;
        })));

    private static async Task WriteAsync(ChannelWriter<LogBatch> output, CancellationToken cancellationToken, params (int Milliseconds, string Text)[] lines)
    {
        var batch = new LogBatch();
        foreach (var (milliseconds, text) in lines)
        {
            Assert.True(batch.TryAppend(Some.Time.Add(TimeSpan.FromMilliseconds(milliseconds)), Encoding.UTF8.GetBytes(text), OutputStream.Unknown, LogOriginator.User, LineEnd.LineFeed));
        }

        await output.WriteAsync(batch, cancellationToken);
    }
}
