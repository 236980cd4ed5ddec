using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

public sealed class TailChannelTests
{
    private const int MaxBytes = 1024 * 1024;

    [Fact]
    public async Task What_waits_and_what_was_read_last_stay_within_the_bound()
    {
        var channel = new TailChannel(MaxBytes);
        var taken = 0L;
        var waiting = 0L;
        for (var i = 0; i < 20; i++)
        {
            waiting += Fill(channel);
            Assert.InRange(waiting + taken, MaxBytes / 2, MaxBytes);

            var room = channel.WaitForRoomAsync(TestContext.Current.CancellationToken);
            Assert.False(room.IsCompleted);

            // The first one that is read takes its room along.
            waiting -= Read(channel);
            taken = Read(channel);
            waiting -= taken;
            await room.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Where_nothing_waits_a_batch_of_any_size_has_room()
    {
        var channel = new TailChannel(MaxBytes);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            using var large = Batch(lineBytes: 900);
            Assert.True(large.Footprint > MaxBytes);
            Assert.True(channel.HasRoomFor(large));
            Assert.True(channel.TryWrite(Item(large)));

            using var small = Batch(lineBytes: 1);
            Assert.False(channel.HasRoomFor(small));
            var room = channel.WaitForRoomAsync(TestContext.Current.CancellationToken);
            Assert.False(room.IsCompleted);
            Assert.True(channel.TryRead(out var _));
            await room.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }
    }

    // As many as there is room for: their memory.
    private static long Fill(TailChannel channel)
    {
        var waiting = 0L;
        while (true)
        {
            var batch = Batch(lineBytes: 100);
            if (!channel.HasRoomFor(batch))
            {
                batch.Dispose();
                return waiting;
            }

            waiting += batch.Footprint;
            Assert.True(channel.TryWrite(Item(batch)));
        }
    }

    private static long Read(TailChannel channel)
    {
        Assert.True(channel.TryRead(out var item));
        using var read = item;
        return item.Batch.Footprint;
    }

    private static TailItem Item(LogBatch batch) => new(batch, "a backend", LogSourceKind.Live, 0);

    private static LogBatch Batch(int lineBytes)
    {
        var batch = new LogBatch();
        var text = new byte[lineBytes];
        while (batch.TryAppend(LogTimestamp.None, text, OutputStream.Unknown, LogOriginator.User, LineEnd.LineFeed))
        {
        }

        return batch;
    }
}
