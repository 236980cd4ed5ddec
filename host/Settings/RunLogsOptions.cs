using System.ComponentModel.DataAnnotations;

namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs</c>.</summary>
internal sealed class RunLogsOptions
{
    public const string Section = "RunLogs";

    /// <summary>The embedded database and keys; relative to the host's own folder.</summary>
    [Required(ErrorMessage = "must be a directory")]
    public string DataDirectory { get; set; } = "data";

    /// <summary>One folder per backend; relative to the host's own folder.</summary>
    [Required(ErrorMessage = "must be a directory")]
    public string PluginDirectory { get; set; } = "plugins";

    /// <summary>Backends in the order they are asked, comma-separated; empty for Kubernetes, then the others by name.</summary>
    [BackendNames]
    public string Chain { get; set; } = "";

    /// <summary>The cluster of contexts that name none.</summary>
    [Required(ErrorMessage = "must be a cluster's name")]
    public string DefaultCluster { get; set; } = "default";

    /// <summary>Backends that readiness depends on, comma-separated.</summary>
    [BackendNames]
    public string RequiredBackends { get; set; } = "";

    /// <summary>How long a client may hear nothing.</summary>
    [Duration]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether Flyte's messages keep their line terminators.</summary>
    public bool KeepLineEnd { get; set; } = true;

    /// <summary>Secrets of cursors, comma-separated: the first signs, all verify; empty for a key file in the data directory.</summary>
    [CursorKeys]
    [Secret]
    public string CursorKey { get; set; } = "";

    /// <summary>This host's address as Flyte's clients are told it; empty for the one they asked.</summary>
    [HttpAddress]
    [Secret]
    public string AdvertisedUrl { get; set; } = "";

    /// <summary>Proxies whose forwarded headers are believed, comma-separated; empty for none.</summary>
    [Proxies]
    public string KnownProxies { get; set; } = "";

    public PluginsOptions Plugins { get; set; } = new();

    /// <summary>One section per backend, known to the backend alone; <c>Enabled</c> is common to all.</summary>
    public IConfigurationSection? Backends { get; set; }

    public Dictionary<string, ClusterOptions> Clusters { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, ProjectOptions> Projects { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public RetryOptions Retry { get; set; } = new();

    public ArchiveOptions Archive { get; set; } = new();

    public ContextsOptions Contexts { get; set; } = new();

    public CorsSectionOptions Cors { get; set; } = new();

    public FlyteOptions Flyte { get; set; } = new();

    public LimitsOptions Limits { get; set; } = new();
}
