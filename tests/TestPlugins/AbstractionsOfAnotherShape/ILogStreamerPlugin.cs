namespace RunLogs.Abstractions;

/// <summary>The entry point when it had a name only.</summary>
public interface ILogStreamerPlugin
{
    string Name { get; }
}
