using RunLogs.Abstractions;

namespace BuiltOnAbstractions10;

/// <summary>A backend of the first days.</summary>
public sealed class Plugin : ILogStreamerPlugin
{
    public string Name => "BuiltOnAbstractions10";

    public LogSourceKind Kind => LogSourceKind.Live;

    public ILogStreamer Create(PluginContext context) => context.Configuration["Fault"] switch
    {
        "disabled" => throw new BackendDisabledException($"{context.Configuration.Path}:Fault is disabled."),
        "settings" => throw new BackendConfigurationException([$"{context.Configuration.Path}:Fault is settings."]),
        _ => new Streamer(context),
    };
}
