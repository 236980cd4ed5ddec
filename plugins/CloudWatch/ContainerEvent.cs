using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>One event as its container wrote it, and what the agent knew of that container.</summary>
/// <param name="Time">When it was written, as exactly as the event tells.</param>
/// <param name="Stream">Where it was written.</param>
/// <param name="IsPart">Whether the line goes on in the next event of the same stream.</param>
/// <param name="Text">Its text: one line, or several.</param>
/// <param name="PodUid">The pod's UID.</param>
/// <param name="Node">The node's name.</param>
/// <param name="ContainerId">The container's id.</param>
internal readonly record struct ContainerEvent(
    LogTimestamp Time, OutputStream Stream, bool IsPart, ReadOnlyMemory<byte> Text, string? PodUid, string? Node, string? ContainerId)
{
    /// <summary>The same without the line feed that some runtimes keep at a line's end.</summary>
    public ContainerEvent WithoutLineFeed() => !IsPart && Text.Span is [.., (byte)'\n']
        ? this with { Text = Text.Span is [.., (byte)'\r', (byte)'\n'] ? Text[..^2] : Text[..^1] }
        : this;
}
