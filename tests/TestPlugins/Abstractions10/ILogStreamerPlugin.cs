namespace RunLogs.Abstractions;

/// <summary>The entry point of a plugin: one public class with a parameterless constructor.</summary>
public interface ILogStreamerPlugin
{
    /// <summary>The backend's name: its section under <c>RunLogs:Backends</c>, its name in chains, metrics and errors.</summary>
    /// <remarks>Letters and digits; unique in a host, compared without case.</remarks>
    string Name { get; }
    /// <summary>Whether the backend sees the running container or holds copies of its log.</summary>
    LogSourceKind Kind { get; }
    /// <summary>Makes the streamer of one cluster from its configuration.</summary>
    /// <remarks>Never touches the network. Throws <see cref="BackendConfigurationException"/> or <see cref="BackendDisabledException"/>.</remarks>
    ILogStreamer Create(PluginContext context);
}
