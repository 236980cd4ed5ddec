using RunLogs.Abstractions;

namespace BuiltOnNewerAbstractions;

/// <summary>A backend for a host to come.</summary>
public sealed class Plugin : ILogStreamerPlugin
{
    public string Name => "BuiltOnNewerAbstractions";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => throw new NotSupportedException();
}
