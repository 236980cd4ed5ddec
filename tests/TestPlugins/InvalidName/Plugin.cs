using RunLogs.Abstractions;

namespace InvalidName;

/// <summary>A backend whose name does not fit a setting's key.</summary>
public sealed class Plugin : ILogStreamerPlugin
{
    public string Name => "not:a name";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => throw new NotSupportedException();
}
