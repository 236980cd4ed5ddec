namespace RunLogs.Host.Tailing;

/// <summary>Which kinds of backends a tail asks; the numbers of <c>flyteidl2.logs.dataplane.LogsSource</c>.</summary>
internal enum SourceSelection
{
    /// <summary>The whole chain, in its order.</summary>
    LiveOrPersisted = 0,

    /// <summary>Only sources that see the container itself.</summary>
    LiveOnly = 1,

    /// <summary>Only archives.</summary>
    PersistedOnly = 2,
}
