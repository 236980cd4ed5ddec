namespace RunLogs.Host.Settings;

/// <summary>The host cannot start with these settings; the message is every fault, one a line.</summary>
internal sealed class SettingsFaultsException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults => faults;
}
