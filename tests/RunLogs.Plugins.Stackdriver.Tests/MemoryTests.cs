using System.Globalization;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver;
using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Plugins.Stackdriver.Tests;

[Collection(nameof(EnvironmentCollection))]
public sealed class MemoryTests : StackdriverTests
{
    private const int Entries = 1_000_000;

    [Fact]
    public async Task A_million_entries_are_read_at_constant_memory()
    {
        await FinishedAsync(Some.Lines(1));
        Logging.Before = call => Task.FromResult<ListLogEntriesResponse?>(PageOf(call.Request));
        var output = new WatchingWriter();

        var end = await Node.WithinMinutes(Streamer.TailLogsAsync(Node.Request(Container), output, CancellationToken.None), TimeSpan.FromSeconds(2));

        Assert.Equal(Entries, output.Lines);
        Assert.Equal(TailEnd.Complete, end);
        // What lives after the first tenth is what lives at the end, give or take a page.
        Assert.InRange(output.MostAlive - output.AliveEarly, long.MinValue, 16L * 1024 * 1024);
    }

    // Pages are made when they are asked for, and never kept.
    private ListLogEntriesResponse PageOf(ListLogEntriesRequest request)
    {
        var from = request.PageToken.Length > 0 ? int.Parse(request.PageToken, CultureInfo.InvariantCulture) : 0;
        var to = Math.Min(Entries, from + request.PageSize);
        var page = new ListLogEntriesResponse { NextPageToken = to < Entries ? to.ToString(CultureInfo.InvariantCulture) : "" };
        for (var i = from; i < to; i++)
        {
            var entry = FakeEntry.Of(Logging.Cluster, Container, new LogTimestamp(Some.Start.UnixNanoseconds + (i * 1000L)), OutputStream.Stdout, i.ToString("x12", CultureInfo.InvariantCulture));
            entry.TextPayload = string.Create(CultureInfo.InvariantCulture, $"entry {i} of a long log, xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
            page.Entries.Add(entry);
        }

        return page;
    }
}
