using RunLogs.Abstractions;

namespace BuiltOnAnotherShape;

/// <summary>A backend that lacks what the host calls.</summary>
public sealed class Plugin : ILogStreamerPlugin
{
    public string Name => "BuiltOnAnotherShape";
}
