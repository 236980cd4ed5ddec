using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>A node that writes to an archive, and a streamer that reads from it: where the tests of one archive's own ways begin.</summary>
/// <typeparam name="TNode">The kind of node.</typeparam>
public abstract class ArchiveTests<TNode> : IAsyncLifetime
    where TNode : FakeNode, new()
{
    private ILogStreamer? _streamer;

    protected TNode Node { get; } = new();

    protected ILogStreamer Streamer => _streamer ??= Node.CreateStreamer();

    protected static SomeContainer Container => Some.Container;

    protected CollectingWriter Output { get; } = new();

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_streamer is not null)
            await _streamer.DisposeAsync().AsTask().WaitAsync(FakeNode.Patience);

        await Node.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the service that the node writes to.</summary>
    protected abstract Task StartAsync();

    /// <summary>Runs a container to its end, long ago.</summary>
    protected async Task FinishedAsync(params WrittenLine[] lines)
    {
        await Node.RunAsync(Container, lines);
        await Node.EndAsync(Container);
    }

    protected Task<TailEnd> TailAsync(TailRequest? request = null) => Streamer.TailLogsAsync(request ?? Node.Request(Container), Output, CancellationToken.None);

    protected async Task<TailEnd> ReadAsync(TailRequest? request = null) => await Node.Within(TailAsync(request));

    protected Task<LogStreamException> RefusedAsync(TailRequest? request = null) => Assert.ThrowsAsync<LogStreamException>(() => ReadAsync(request));

    protected static string[] TextsOf(IEnumerable<WrittenLine> lines) => [.. lines.Select(line => Encoding.UTF8.GetString(line.Text.Span))];

    /// <summary>Lets the clock go on, with time to read in each step.</summary>
    protected async Task PassAsync(TimeSpan duration)
    {
        var reached = new TaskCompletionSource();
        await using var timer = Node.Time.CreateTimer(_ => reached.TrySetResult(), null, duration, Timeout.InfiniteTimeSpan);
        await Node.Within(reached.Task);
    }
}
