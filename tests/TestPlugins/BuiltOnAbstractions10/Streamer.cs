using System.Globalization;
using System.Text;
using System.Threading.Channels;
using RunLogs.Abstractions;

namespace BuiltOnAbstractions10;

/// <summary>Tells as lines all that 1.0 gave a backend, and calls all that it offered.</summary>
public sealed class Streamer(PluginContext context) : ILogStreamer
{
    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        if (request.Pod == "throttled")
        {
            throw new LogStreamException(LogStreamError.RateLimited, "Too many at once.", "THROTTLED", new TimeoutException()) { RetryAfter = TimeSpan.FromSeconds(7) };
        }

        var batch = new LogBatch
        {
            Instance = new ContainerInstance { RestartCount = 1, ContainerId = "c1" },
            Facts = new ContainerFacts { PodUid = "uid", Node = "node", Labels = request.Labels, StartedAt = LogTimestamp.FromUnixSeconds(1), EndedAt = LogTimestamp.None },
        };
        batch.Add(new LogNotice(LogNoticeKind.LinesLost, "One line was lost.") { Lines = 1 });
        Append(batch, $"{request.Attempt} {request.Cluster} {request.Namespace} {request.Pod} {request.PodUid} {request.Container} {request.ContainerId} {request.Node}");
        Append(batch, $"{Unix(request.ContainerStart)} {Unix(request.ContainerEnd)} {Unix(request.Since)} {Unix(request.Until)} {Unix(request.EndedAt)}");
        Append(batch, $"{request.TailLines} {request.Follow} {request.Previous} {request.Instance?.RestartCount} {request.Instance?.ContainerId}");
        Append(batch, $"{context.Cluster} {Path.GetFileName(context.Directory)} {context.MaxLineBytes} {context.Archive.QuietPeriod} {context.Archive.MinimumAfterEnd} {context.Archive.LagLimit}");
        Append(batch, $"{LogBatch.CutLength("日本"u8, 4)} {LogTimestamp.From(context.TimeProvider.GetUtcNow()).IsNone} {context.LoggerFactory.GetType().IsClass}");
        await output.WriteAsync(batch, cancellationToken);
        return TailEnd.SourceGone;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string? Unix(LogTimestamp? time) => time?.UnixNanoseconds.ToString(CultureInfo.InvariantCulture);

    private static void Append(LogBatch batch, string line) =>
        batch.TryAppend(LogTimestamp.FromUnixSeconds(batch.Entries.Length), Encoding.UTF8.GetBytes(line), OutputStream.Stderr, LogOriginator.User, LineEnd.LineFeed);
}
