using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

[Collection(nameof(EnvironmentCollection))]
public sealed class MemoryTests : CloudWatchTests
{
    [Fact]
    public async Task A_million_events_are_read_at_constant_memory()
    {
        const int Events = 1_000_000;
        await FinishedAsync(Some.Lines(1));
        Logs.Before = call => call.Operation == "GetLogEvents" ? EndlessPage.AnswerAsync(call, Milliseconds(Some.Lines(1)[0]), Events) : Task.FromResult(false);
        var output = new WatchingWriter();

        var end = await Node.WithinMinutes(Streamer.TailLogsAsync(Node.Request(Container), output, CancellationToken.None));

        Assert.Equal(Events, output.Lines);
        Assert.Equal(TailEnd.Complete, end);
        // What lives after the first tenth is what lives at the end, give or take a page.
        Assert.InRange(output.MostAlive - output.AliveEarly, long.MinValue, 16L * 1024 * 1024);
    }
}
