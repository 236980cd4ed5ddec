using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Cursors;
using RunLogs.Host.Tailing;
using RunLogs.Protos.Flyte.Common;

namespace RunLogs.Host.Api;

/// <summary>What a client asks for, over whichever API.</summary>
internal sealed record TailQuery
{
    /// <summary>The action whose attempt is meant; not looked at where a pod is named.</summary>
    public ActionIdentifier? Action { get; init; }

    /// <summary>The attempt, from 1; 0 for the latest.</summary>
    public uint Attempt { get; init; }

    /// <summary>A pod named directly, instead of an attempt.</summary>
    public PodTarget? Pod { get; init; }

    public ContainerSelection Containers { get; init; } = ContainerSelection.Primary;

    /// <summary>The instance before the current one.</summary>
    public bool Previous { get; init; }

    public LogTimestamp? Since { get; init; }

    public LogTimestamp? Until { get; init; }

    public long? TailLines { get; init; }

    public FollowMode Follow { get; init; }

    public SourceSelection Sources { get; init; }

    public TailFilter? Filter { get; init; }

    /// <summary>Where the client stands; null to begin.</summary>
    public TailCursor? Cursor { get; init; }
}
