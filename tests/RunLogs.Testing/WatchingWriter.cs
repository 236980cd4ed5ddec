using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>Counts lines, and looks now and then at what is alive.</summary>
public sealed class WatchingWriter : ChannelWriter<LogBatch>
{
    public int Lines { get; private set; }

    public long AliveEarly { get; private set; }

    public long MostAlive { get; private set; }

    public override bool TryWrite(LogBatch item)
    {
        var before = Lines / 100_000;
        Lines += item.Entries.Length;
        item.Dispose();
        if (Lines / 100_000 == before)
            return true;

        var alive = GC.GetTotalMemory(forceFullCollection: true);
        AliveEarly = before == 0 ? alive : AliveEarly;
        MostAlive = Math.Max(MostAlive, alive);
        return true;
    }

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);
}
