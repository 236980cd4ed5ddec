using System.Threading.Channels;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>A writer of a client that takes so many lines, and no more until it is opened.</summary>
internal sealed class BoundedWriter(int lines) : ChannelWriter<LogBatch>
{
    private readonly CollectingWriter _taken = new();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Texts => _taken.Texts;

    /// <summary>The time of the last line that was taken.</summary>
    public LogTimestamp Last => _taken.Lines[^1].Timestamp;

    public void Open() => _open.TrySetResult();

    public override bool TryWrite(LogBatch item) => (_open.Task.IsCompleted || _taken.Texts.Count < lines) && _taken.TryWrite(item);

    public override async ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return true;
    }
}
