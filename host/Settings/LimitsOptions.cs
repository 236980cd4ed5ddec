using System.ComponentModel.DataAnnotations;

namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Limits</c>.</summary>
internal sealed class LimitsOptions
{
    /// <summary>Open tails on this host.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "must be 1 or more")]
    public int MaxConcurrentStreams { get; set; } = 100;

    /// <summary>Open tails of one caller.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "must be 1 or more")]
    public int PerCaller { get; set; } = 100;

    /// <summary>What may wait for one client, in bytes.</summary>
    [Range(64 * 1024, int.MaxValue, ErrorMessage = "must be 65536 (64 KiB) or more")]
    public int ClientBufferBytes { get; set; } = 1024 * 1024;

    /// <summary>The longest line; longer ones come in parts.</summary>
    [Range(1024, 1024 * 1024, ErrorMessage = "must be 1024 (1 KiB) to 1048576 (1 MiB)")]
    public int MaxLineBytes { get; set; } = 256 * 1024;
}
