namespace RunLogs.Abstractions;

/// <summary>The settings of a backend are wrong: it becomes Malfunctioned with these faults as its reason.</summary>
/// <param name="faults">Sentences, each with the full key of its setting; never a secret.</param>
public sealed class BackendConfigurationException(IReadOnlyList<string> faults) : Exception(string.Join(' ', faults))
{
    /// <summary>Every fault found, in the order of the settings.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
