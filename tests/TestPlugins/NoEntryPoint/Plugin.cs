using RunLogs.Abstractions;

namespace NoEntryPoint;

/// <summary>An entry point that nobody outside can make.</summary>
internal sealed class Plugin : ILogStreamerPlugin
{
    public string Name => "NoEntryPoint";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => throw new NotSupportedException();
}
