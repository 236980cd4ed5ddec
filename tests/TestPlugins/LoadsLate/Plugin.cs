using System.Text;
using System.Threading.Channels;
using LateLibrary;
using RunLogs.Abstractions;

namespace LoadsLate;

/// <summary>A backend that needs its library in the middle of a stream only.</summary>
public sealed class Plugin : ILogStreamerPlugin, ILogStreamer
{
    public string Name => "LoadsLate";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => this;

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        var batch = new LogBatch();
        batch.TryAppend(LogTimestamp.None, Encoding.UTF8.GetBytes(Words.Late), OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed);
        await output.WriteAsync(batch, cancellationToken);
        return TailEnd.Complete;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
