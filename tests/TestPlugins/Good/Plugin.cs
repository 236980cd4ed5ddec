using RunLogs.Abstractions;

namespace Good;

/// <summary>A backend as it should be.</summary>
public sealed class Plugin : ILogStreamerPlugin
{
    public string Name => "Good";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context)
    {
        var greeting = context.Configuration["Greeting"];
        return greeting == ""
            ? throw new BackendConfigurationException([$"{context.Configuration.Path}:Greeting is empty.", $"{context.Configuration.Path}:Greeting needs a word."])
            : new GreetingStreamer(greeting ?? "hello", context.Cluster, context.MaxLineBytes, Path.Combine(context.Directory, "disposed"));
    }
}
