using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace RunLogs.Abstractions;

/// <summary>What the host gives a plugin: all it may use of the host.</summary>
public sealed class PluginContext
{
    /// <summary>The cluster whose streamer is made.</summary>
    public required string Cluster { get; init; }
    /// <summary>The backend's own section, with the cluster's overrides on top; its <c>Path</c> begins full keys.</summary>
    public required IConfigurationSection Configuration { get; init; }
    /// <summary>Makes loggers; use a category name, not a type of the plugin.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }
    /// <summary>The clock: every wait and every "now" comes from it.</summary>
    public required TimeProvider TimeProvider { get; init; }
    /// <summary>The plugin's own folder; <c>Assembly.Location</c> is empty for a plugin.</summary>
    public required string Directory { get; init; }
    /// <summary>When an archive counts as drained.</summary>
    public ArchiveTiming Archive { get; init; } = new();
    /// <summary>The longest entry in bytes; longer lines come in parts cut by <see cref="LogBatch.CutLength"/>.</summary>
    /// <remarks>1 KiB to 1 MiB; default 256 KiB. Set by <c>RunLogs:Limits:MaxLineBytes</c>.</remarks>
    public int MaxLineBytes { get; init; } = 256 * 1024;
}
