using System.Buffers;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Benchmarks.Tests;

/// <summary>
/// Counts every byte that any thread of this process allocates during a tail, from the body of a log request, which is in memory,
/// to gRPC messages, which are written over: reader, seam, channel, pump and encoder; HTTP's own buffers are not among them.
/// </summary>
[Collection(nameof(AllocationCollection))]
public sealed class AllocationTests : IDisposable
{
    private const int Lines = 200_000;

    // Less than the smallest object: no line may cost one of its own.
    private const double BytesPerLine = 10;

    private static readonly byte[] Body = SomeLog.Body(Lines);

    private readonly WholePath _path = new();

    [Fact]
    public async Task A_line_that_is_ready_costs_at_most_10_allocated_bytes_from_the_upstream_to_the_wire() =>
        Assert.InRange(await AllocatedPerLineAsync(() => new MemoryStream(Body)), 0, BytesPerLine);

    [Fact]
    public async Task A_line_that_is_waited_for_costs_at_most_10_allocated_bytes_from_the_upstream_to_the_wire() =>
        Assert.InRange(await AllocatedPerLineAsync(() => new LateStream(Body, part: 32 * 1024)), 0, BytesPerLine);

    public void Dispose() => _path.Dispose();

    private async Task<double> AllocatedPerLineAsync(Func<Stream> open)
    {
        // Warms up, and shows that what is measured are all the lines: messages one behind the other are one message.
        var bytes = new ArrayBufferWriter<byte>();
        await RunAsync(open, bytes);
        var lines = TailLogsResponse.Parser.ParseFrom(bytes.WrittenSpan).Logs.Sum(logs => logs.Lines.Count);
        Assert.Equal(Lines, lines);

        var wire = new DiscardedBytes();
        await RunAsync(open, wire);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync(open, wire);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.InRange(wire.Count, 2L * 100 * Lines, long.MaxValue);
        return allocated / (double)Lines;
    }

    private Task RunAsync(Func<Stream> open, IBufferWriter<byte> wire) =>
        _path.RunAsync(open(), wire).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
}
