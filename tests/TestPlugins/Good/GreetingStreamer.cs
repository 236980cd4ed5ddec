using System.Text;
using System.Threading.Channels;
using RunLogs.Abstractions;

namespace Good;

/// <summary>Streams three lines, and leaves a file when it is disposed.</summary>
public sealed class GreetingStreamer(string greeting, string cluster, int maxLineBytes, string disposedMark) : ILogStreamer
{
    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        var batch = new LogBatch();
        foreach (var line in new[] { $"{greeting} {request.Pod}", cluster, $"{maxLineBytes}" })
        {
            batch.TryAppend(LogTimestamp.None, Encoding.UTF8.GetBytes(line), OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed);
        }

        await output.WriteAsync(batch, cancellationToken);
        return TailEnd.Complete;
    }

    public ValueTask DisposeAsync()
    {
        File.WriteAllText(disposedMark, cluster);
        return ValueTask.CompletedTask;
    }
}
