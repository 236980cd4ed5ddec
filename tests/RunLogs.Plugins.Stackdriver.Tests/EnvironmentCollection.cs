namespace RunLogs.Plugins.Stackdriver.Tests;

/// <summary>The environment, and what counts memory, belong to the whole process: these run alone.</summary>
[CollectionDefinition(nameof(EnvironmentCollection), DisableParallelization = true)]
public sealed class EnvironmentCollection;
