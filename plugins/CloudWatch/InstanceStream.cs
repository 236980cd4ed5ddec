namespace RunLogs.Plugins.CloudWatch;

/// <summary>A stream that holds the log of one instance of the container.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CreationTime">When it was made, in milliseconds since the epoch.</param>
/// <param name="ContainerId">The container's id, where the name or an event tells it.</param>
/// <param name="PodUid">The pod's UID, where an event tells it.</param>
/// <param name="Node">The node, where an event tells it.</param>
/// <param name="FirstEvent">The time of its first event in the container's lifetime, in milliseconds since the epoch.</param>
internal sealed record InstanceStream(string Name, long CreationTime, string? ContainerId, string? PodUid, string? Node, long FirstEvent);
