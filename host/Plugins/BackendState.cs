namespace RunLogs.Host.Plugins;

/// <summary>What has become of a backend.</summary>
internal enum BackendState
{
    /// <summary>Serves tails.</summary>
    Active,

    /// <summary>Switched off, or nothing is configured for it.</summary>
    Disabled,

    /// <summary>Built for another version of the abstractions.</summary>
    NotSupported,

    /// <summary>Did not load, or its settings are wrong.</summary>
    Malfunctioned,

    /// <summary>On its way out: serves the tails it has and takes no more.</summary>
    Draining,
}
