namespace RunLogs.Host.Plugins;

/// <summary>A folder of the plugin directory: what it looked like, and what came of its last loading.</summary>
internal sealed class PluginFolder(string path)
{
    private string? _seen;

    public string Path => path;

    public string Name => System.IO.Path.GetFileName(path);

    /// <summary>The fingerprint of what was loaded last, well or not; null when nothing was.</summary>
    public string? Loaded { get; set; }

    public PluginActivation Current { get; set; } = PluginActivation.None;

    /// <summary>Waits for the name of another folder's plugin.</summary>
    public bool IsBlocked => Current is { Name: not null, HasName: false };

    /// <summary>Takes note of a fingerprint, null for a folder that is not there; true when it differs from what was loaded and, unless <paramref name="atOnce"/>, was seen before.</summary>
    public bool IsDue(string? fingerprint, bool atOnce)
    {
        var settled = atOnce || fingerprint == _seen;
        _seen = fingerprint;
        return settled && fingerprint != Loaded;
    }
}
