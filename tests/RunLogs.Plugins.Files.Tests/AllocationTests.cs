using System.Threading.Channels;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

[Collection(nameof(AllocationCollection))]
public sealed class AllocationTests : FilesTests
{
    [Fact]
    public async Task A_line_costs_no_allocation_of_its_own()
    {
        const int Lines = 200_000;
        await Tree.RunAsync(Container, Some.Lines(Lines));
        await ReadAsync();

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var read = await ReadAsync();
        var perLine = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Lines;

        Assert.Equal(Lines, read);
        Assert.InRange(perLine, 0, 16);
    }

    private async Task<int> ReadAsync()
    {
        var output = new CountingWriter();
        await Streamer.TailLogsAsync(Tree.Request(Container) with { Follow = FollowMode.Never }, output, CancellationToken.None).WaitAsync(FakeNode.Patience);
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
