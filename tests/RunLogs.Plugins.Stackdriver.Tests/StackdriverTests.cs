using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver;

namespace RunLogs.Plugins.Stackdriver.Tests;

/// <summary>A fake of the service, a node that writes to it, and a streamer that reads from it.</summary>
public abstract class StackdriverTests : IAsyncLifetime
{
    private ILogStreamer? _streamer;

    private protected FakeLoggingNode Node { get; } = new();

    private protected FakeLoggingService Logging => Node.Logging;

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

    /// <summary>What a host asks with just after the end.</summary>
    protected TailRequest JustEnded => Node.Request(Container) with { EndedAt = LogTimestamp.From(Some.Now) };

    protected Task<TailEnd> TailAsync(TailRequest? request = null) => Streamer.TailLogsAsync(request ?? Node.Request(Container), Output, CancellationToken.None);

    protected async Task<TailEnd> ReadAsync(TailRequest? request = null) => await Node.Within(TailAsync(request));

    protected Task<LogStreamException> RefusedAsync(TailRequest? request = null) => Assert.ThrowsAsync<LogStreamException>(() => ReadAsync(request));

    /// <summary>Follows a container, and lets go of it in the end.</summary>
    protected async Task FollowAsync(Func<Task> act)
    {
        using var cancellation = new CancellationTokenSource();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), Output, cancellation.Token);
        await act();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    protected static string[] TextsOf(IEnumerable<WrittenLine> lines) => [.. lines.Select(line => System.Text.Encoding.UTF8.GetString(line.Text.Span))];

    protected static WrittenLine At(string text, double seconds) => Some.Line(text, Some.Start.Add(TimeSpan.FromSeconds(seconds)));

    /// <summary>Lets the clock go on, with time to read in each step.</summary>
    protected async Task PassAsync(TimeSpan duration)
    {
        var reached = new TaskCompletionSource();
        await using var timer = Node.Time.CreateTimer(_ => reached.TrySetResult(), null, duration, Timeout.InfiniteTimeSpan);
        await Node.Within(reached.Task);
    }
}
