namespace RunLogs.Plugins.Kubernetes;

/// <summary>What the pod's status says once an instance's log has ended.</summary>
internal sealed class InstanceEnd
{
    /// <summary>The instance as it ended, while its log is there.</summary>
    public InstanceLog? Ended { get; private init; }

    /// <summary>The instance that came after it.</summary>
    public InstanceLog? Next { get; private init; }

    public static InstanceEnd PodGone { get; } = new();

    public static InstanceEnd StillRunning { get; } = new();

    public static InstanceEnd Of(InstanceLog ended) => new() { Ended = ended };

    public static InstanceEnd WithNext(InstanceLog? ended, InstanceLog next) => new() { Ended = ended, Next = next };
}
