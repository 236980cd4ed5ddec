namespace RunLogs.Host.Plugins;

/// <summary>A backend on one cluster, as an operator sees it.</summary>
internal sealed record Backend
{
    /// <summary>The plugin's name, or its folder's where the plugin did not come to tell it.</summary>
    public required string Name { get; init; }

    public required string Cluster { get; init; }

    public required BackendState State { get; init; }

    /// <summary>A sentence; empty when Active and nothing newer was refused.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Of the plugin; null when its assembly could not be read.</summary>
    public Version? Version { get; init; }

    /// <summary>Of the abstractions it was built against; null when its assembly could not be read.</summary>
    public Version? AbstractionsVersion { get; init; }

    /// <summary>Readiness depends on it.</summary>
    public bool Required { get; init; }

    /// <summary>What serves it; null unless Active or Draining.</summary>
    public PluginGeneration? Generation { get; init; }

    public int OpenTails => Generation?.OpenTailsOn(Cluster) ?? 0;
}
