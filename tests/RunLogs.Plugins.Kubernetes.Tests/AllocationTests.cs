using System.Threading.Channels;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Kubernetes.Tests;

public sealed class AllocationTests
{
    private const int Lines = 100_000;

    /// <summary>The path alone: from the bytes of a body to batches.</summary>
    [Fact]
    public async Task Reading_a_line_allocates_at_most_8_bytes()
    {
        var body = new byte[Lines * 131];
        for (var i = 0; i < Lines; i++)
        {
            var line = body.AsSpan(i * 131, 131);
            line.Fill((byte)'x');
            Assert.True(new LogTimestamp(Some.Start.UnixNanoseconds + (i * 1_000_003L)).TryFormat(line, out _));
            (line[30], line[^1]) = ((byte)' ', (byte)'\n');
        }

        await CountAsync(body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var lines = await CountAsync(body);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Lines, lines);
        Assert.InRange((double)allocated / Lines, 0, 8);
    }

    private static async Task<int> CountAsync(byte[] body)
    {
        var output = new CountingWriter();
        var request = new TailRequest { Cluster = "default", Namespace = "rig", Pod = "ticker", Container = "c" };
        using var batches = new BatchWriter(output, request, TimeProvider.System);
        using var reader = new PodLogReader(new LineFilter(null, null), batches, request, 256 * 1024);
        await reader.ReadAsync(new MemoryStream(body), CancellationToken.None);
        await batches.FlushAsync(CancellationToken.None);
        return output.Lines;
    }

    private sealed class CountingWriter : ChannelWriter<LogBatch>
    {
        public int Lines { get; private set; }

        public override bool TryWrite(LogBatch item)
        {
            Lines += item.Entries.Length;
            item.Dispose();
            return true;
        }

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);
    }
}
