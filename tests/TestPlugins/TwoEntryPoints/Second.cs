using RunLogs.Abstractions;

namespace TwoEntryPoints;

/// <summary>One entry point too many.</summary>
public sealed class Second : ILogStreamerPlugin
{
    public string Name => "Second";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => throw new NotSupportedException();
}
