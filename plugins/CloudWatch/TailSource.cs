using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>What one tail reads from: a group's streams within the container's lifetime.</summary>
internal sealed class TailSource(LogsCalls calls, LogGroup group, TailRequest request, PluginContext context, EventDecoder decoder)
{
    public EventDecoder Decoder => decoder;

    public EventWindow Lifetime() => EventWindow.Lifetime(request, context.TimeProvider.GetUtcNow());

    /// <summary>The present end of the times asked for: it goes on with the clock while a container is followed.</summary>
    public long EndOfWindow() => Lifetime().Within(request.Since, request.Until).To;

    public EventWindow WindowOf(InstanceStream stream) => Lifetime().OfStream(stream.CreationTime).Within(request.Since, request.Until);

    public EventReader Read(InstanceStream stream, EventWindow window) => new(calls, group, stream.Name, window, context.TimeProvider);

    public TailStart TailStart(InstanceStream stream, EventWindow window, LineFilter filter, int maxLineBytes) =>
        new(calls, group, stream.Name, window, decoder, filter, maxLineBytes, context.TimeProvider);
}
