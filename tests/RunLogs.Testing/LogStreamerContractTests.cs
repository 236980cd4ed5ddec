using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>What every backend keeps, whatever it reads from: each backend's tests inherit this suite.</summary>
public abstract partial class LogStreamerContractTests : IAsyncLifetime
{
    private FakeNode? _node;
    private ILogStreamer? _streamer;

    protected FakeNode Node => _node!;
    protected ILogStreamer Streamer => _streamer!;

    /// <summary>The container most cases read from.</summary>
    protected static SomeContainer Container => Some.Container;

    public async ValueTask InitializeAsync()
    {
        _node = await CreateNodeAsync();
        _streamer = _node.CreateStreamer();
    }

    public async ValueTask DisposeAsync()
    {
        if (_streamer is not null)
            await _streamer.DisposeAsync().AsTask().WaitAsync(FakeNode.Patience);

        if (_node is not null)
            await _node.DisposeAsync();

        GC.SuppressFinalize(this);
    }

    protected abstract Task<FakeNode> CreateNodeAsync();

    /// <summary>Runs a container to its end.</summary>
    protected async Task FinishedAsync(params WrittenLine[] lines)
    {
        await Node.RunAsync(Container, lines);
        await Node.EndAsync(Container);
    }

    /// <summary>One call to its end: what came, and how it ended.</summary>
    protected async Task<(CollectingWriter Output, TailEnd End)> ReadAsync(TailRequest request, ILogStreamer? streamer = null)
    {
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = (streamer ?? Streamer).TailLogsAsync(request, output, cancellation.Token);
        try
        {
            return (output, await Node.Within(tail));
        }
        finally
        {
            await cancellation.CancelAsync();
        }
    }

    /// <summary>One call to its end, not waiting for more lines.</summary>
    protected async Task<CollectingWriter> ReadOnceAsync(TailRequest request) => (await ReadAsync(request with { Follow = FollowMode.Never })).Output;

    protected async Task<LogStreamException> RefusedAsync(TailRequest request) => await Assert.ThrowsAsync<LogStreamException>(() => ReadAsync(request));

    /// <summary>Lines as the backend can order them.</summary>
    protected WrittenLine[] InSourceOrder(WrittenLine[] lines) => Node.KnowsSourceOrder ? lines : [.. lines.OrderBy(line => line.Timestamp)];

    protected static string[] TextsOf(IEnumerable<WrittenLine> lines) => [.. lines.Select(line => Encoding.UTF8.GetString(line.Text.Span))];

    protected static void AssertOneOf(LogStreamError actual, params LogStreamError[] expected) => Assert.True(expected.Contains(actual), $"{actual} is none of {string.Join(", ", expected)}.");

    /// <summary>Cancels a call and checks that it ends at once, with no clock going.</summary>
    protected static async Task AssertEndsWhenCancelledAsync(Task<TailEnd> tail, CancellationTokenSource cancellation)
    {
        Assert.False(tail.IsCompleted, "The call ended before it was cancelled.");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }
}
