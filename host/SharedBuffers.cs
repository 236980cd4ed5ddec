namespace RunLogs.Host;

/// <summary>
/// Lets .NET's shared pool of buffers keep what waits in the window of an HTTP/2 stream when the API server is faster than the host.
/// .NET lets the window grow to 16 MiB, and what of its blocks (16 KiB) the pool does not keep is allocated again and again.
/// </summary>
internal static class SharedBuffers
{
    // The only way to set it; .NET looks once, when the pool is first used. Its own default is 32.
    private const string BuffersPerSizeAndCore = "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION";

    /// <summary>Must run before anything rents a buffer. What an operator has set stays.</summary>
    public static void Keep()
    {
        if (Environment.GetEnvironmentVariable(BuffersPerSizeAndCore) is null)
        {
            Environment.SetEnvironmentVariable(BuffersPerSizeAndCore, "256");
        }
    }
}
