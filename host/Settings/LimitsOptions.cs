namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Limits</c>.</summary>
internal sealed class LimitsOptions
{
    /// <summary>Open tails on this host.</summary>
    public int MaxConcurrentStreams { get; set; } = 100;

    /// <summary>Open tails of one caller.</summary>
    public int PerCaller { get; set; } = 100;

    /// <summary>What may wait for one client, in bytes.</summary>
    public int ClientBufferBytes { get; set; } = 1024 * 1024;

    /// <summary>The longest line; longer ones come in parts.</summary>
    public int MaxLineBytes { get; set; } = 256 * 1024;
}
