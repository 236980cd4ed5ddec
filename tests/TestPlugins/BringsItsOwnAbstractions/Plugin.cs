using RunLogs.Abstractions;

namespace BringsItsOwnAbstractions;

/// <summary>A backend with two abstractions in its folder's closure.</summary>
public sealed class Plugin : ILogStreamerPlugin
{
    public string Name => "BringsItsOwnAbstractions";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => throw new NotSupportedException();
}
