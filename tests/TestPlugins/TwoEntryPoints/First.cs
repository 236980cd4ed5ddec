using RunLogs.Abstractions;

namespace TwoEntryPoints;

/// <summary>One entry point too many.</summary>
public sealed class First : ILogStreamerPlugin
{
    public string Name => "First";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => throw new NotSupportedException();
}
