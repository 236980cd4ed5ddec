using RunLogs.Abstractions;

namespace DisabledByItself;

/// <summary>A backend that nothing is configured for.</summary>
public sealed class Plugin : ILogStreamerPlugin
{
    public string Name => "DisabledByItself";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => throw new BackendDisabledException($"{context.Configuration.Path}:Root is not set.");
}
