using System.Text;
using System.Threading.Channels;
using RunLogs.Abstractions;

public sealed class EchoPlugin : ILogStreamerPlugin
{
    public string Name => "Echo";                        // its section is RunLogs:Backends:Echo
    public LogSourceKind Kind => LogSourceKind.Archive;  // Live sees containers run; Archive holds copies

    public ILogStreamer Create(PluginContext context) =>
        context.Configuration["Greeting"] is { Length: > 0 } greeting
            ? new EchoStreamer(greeting, context.TimeProvider)
            : throw new BackendDisabledException($"Set {context.Configuration.Path}:Greeting to what it should say.");
}

public sealed class EchoStreamer(string greeting, TimeProvider time) : ILogStreamer
{
    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        if (request.Pod != "echo")
        {
            throw new LogStreamException(LogStreamError.NotFound, $"pod {request.Pod} has no echo", "NOT_FOUND");
        }

        var batch = new LogBatch { Facts = new ContainerFacts() };
        batch.TryAppend(LogTimestamp.From(time.GetUtcNow()), Encoding.UTF8.GetBytes(greeting), OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed);
        await output.WriteAsync(batch, cancellationToken);
        return TailEnd.Complete;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
