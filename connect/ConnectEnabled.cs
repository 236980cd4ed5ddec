namespace RunLogs.Connect;

/// <summary>Endpoint metadata: whether this endpoint is served over Connect.</summary>
internal sealed record ConnectEnabled(bool Enabled);
