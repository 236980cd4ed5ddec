namespace RunLogs.Plugins;

/// <summary>What the failure of a call is worth.</summary>
internal enum CallFailure
{
    /// <summary>The same would fail again.</summary>
    Final,

    /// <summary>There were too many calls.</summary>
    Throttled,

    /// <summary>The service, or the way to it, failed.</summary>
    Transient,

    /// <summary>The credentials were of yesterday.</summary>
    Expired,
}
