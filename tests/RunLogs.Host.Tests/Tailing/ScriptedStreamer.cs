using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A backend that plays one act per call, and its last one for ever.</summary>
internal sealed class ScriptedStreamer(params Func<TailRequest, ChannelWriter<LogBatch>, CancellationToken, Task<TailEnd>>[] acts) : ILogStreamer
{
    public List<TailRequest> Requests { get; } = [];

    public static ScriptedStreamer Throwing(LogStreamError error, string message = "it failed", string reason = "TEST") =>
        new((_, _, _) => throw new LogStreamException(error, message, reason));

    public static ScriptedStreamer Writing(TailEnd end, params string[] lines) => new(async (_, output, token) =>
    {
        await output.WriteAsync(Some.Batch(lines), token);
        return end;
    });

    public Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        lock (Requests)
        {
            Requests.Add(request);
            return acts[Math.Min(Requests.Count, acts.Length) - 1](request, output, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
