using System.Text;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

/// <summary>A tree of log files and a streamer that reads it.</summary>
public abstract class FilesTests : IAsyncDisposable
{
    private protected FilesTests()
    {
        Tree = new LogTree();
        Streamer = Tree.CreateStreamer();
    }

    private protected LogTree Tree { get; }

    protected ILogStreamer Streamer { get; }

    protected static SomeContainer Container => Some.Container;

    public async ValueTask DisposeAsync()
    {
        await Streamer.DisposeAsync().AsTask().WaitAsync(FakeNode.Patience);
        await Tree.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<CollectingWriter> ReadOnceAsync(TailRequest request, ILogStreamer? streamer = null)
    {
        var output = new CollectingWriter();
        await (streamer ?? Streamer).TailLogsAsync(request with { Follow = FollowMode.Never }, output, CancellationToken.None).WaitAsync(FakeNode.Patience);
        return output;
    }

    private protected Task<CollectingWriter> ReadOnceAsync() => ReadOnceAsync(Tree.Request(Container));

    private protected Task<LogStreamException> RefusedAsync(TailRequest request) =>
        Assert.ThrowsAsync<LogStreamException>(() => ReadOnceAsync(request));

    private protected Task WriteRawAsync(string text, int instance = 0) => Tree.WriteRawAsync(Container, instance, Encoding.UTF8.GetBytes(text));

    private protected static string[] TextsOf(IEnumerable<WrittenLine> lines) => [.. lines.Select(line => Encoding.UTF8.GetString(line.Text.Span))];
}
