using RunLogs.Abstractions;

namespace ThrowsInCreate;

/// <summary>A backend that fails where it should have told its faults.</summary>
public sealed class Plugin : ILogStreamerPlugin
{
    public string Name => "ThrowsInCreate";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => throw new UnauthorizedAccessException("the password is hunter2");
}
