using RunLogs.Abstractions;

namespace ThrowsInConstructor;

/// <summary>A backend whose entry point cannot be made.</summary>
public sealed class Plugin : ILogStreamerPlugin
{
    public Plugin() => throw new InvalidOperationException("the password is hunter2");

    public string Name => "ThrowsInConstructor";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => throw new NotSupportedException();
}
