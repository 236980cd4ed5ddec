namespace RunLogs.Comparison.Rig;

/// <summary>What a client got is not what the source has: no figure of it is worth anything.</summary>
internal sealed class WrongBytesException(string message) : Exception(message);
