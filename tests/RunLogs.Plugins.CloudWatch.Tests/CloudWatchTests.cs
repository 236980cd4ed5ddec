using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>A fake of the service, a node that writes to it, and a streamer that reads from it.</summary>
public abstract class CloudWatchTests : IAsyncLifetime
{
    private ILogStreamer? _streamer;

    private protected FakeLogsNode Node { get; } = new();

    private protected FakeCloudWatchLogs Logs => Node.Logs;

    protected ILogStreamer Streamer => _streamer ??= Node.CreateStreamer();

    protected static SomeContainer Container => Some.Container;

    protected CollectingWriter Output { get; } = new();

    public async ValueTask InitializeAsync() => await Node.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_streamer is not null)
            await _streamer.DisposeAsync().AsTask().WaitAsync(FakeNode.Patience);

        await Node.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a container to its end, long ago.</summary>
    protected async Task FinishedAsync(params WrittenLine[] lines)
    {
        await Node.RunAsync(Container, lines);
        await Node.EndAsync(Container);
    }

    protected Task<TailEnd> TailAsync(TailRequest? request = null) => Streamer.TailLogsAsync(request ?? Node.Request(Container), Output, CancellationToken.None);

    protected async Task<TailEnd> ReadAsync(TailRequest? request = null) => await Node.Within(TailAsync(request));

    protected Task<LogStreamException> RefusedAsync(TailRequest? request = null) => Assert.ThrowsAsync<LogStreamException>(() => ReadAsync(request));

    /// <summary>Puts events without an agent.</summary>
    protected void Put(params IEnumerable<(long Timestamp, string Message)> events) => Logs.Put(CloudWatchNode.LogGroup, Node.StreamOf(Container), events);

    protected static long Milliseconds(WrittenLine line) => line.Timestamp.ToDateTimeOffset().ToUnixTimeMilliseconds();

    protected static string[] TextsOf(IEnumerable<WrittenLine> lines) => [.. lines.Select(line => System.Text.Encoding.UTF8.GetString(line.Text.Span))];

    /// <summary>Lets the clock go on, with time to read in each step.</summary>
    protected async Task PassAsync(TimeSpan duration)
    {
        var reached = new TaskCompletionSource();
        await using var timer = Node.Time.CreateTimer(_ => reached.TrySetResult(), null, duration, Timeout.InfiniteTimeSpan);
        await Node.Within(reached.Task);
    }
}
