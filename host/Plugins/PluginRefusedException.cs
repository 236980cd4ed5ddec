namespace RunLogs.Host.Plugins;

/// <summary>A plugin cannot serve; the message is the reason that operators and clients see, a cause is for the log.</summary>
internal sealed class PluginRefusedException(BackendState state, string reason, Exception? cause = null) : Exception(reason, cause)
{
    public BackendState State => state;
}
