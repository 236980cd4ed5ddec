using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>The kubelet's own words in the body of a success: it answers 200 before it opens the log.</summary>
internal static class BodyText
{
    /// <summary>The reason of a log that its node has removed.</summary>
    public const string CollectedReason = "COLLECTED";

    /// <summary>The reason of a node that cannot follow more logs.</summary>
    public const string ExhaustedReason = "NODE_EXHAUSTED";

    private const int LongestShown = 200;

    public static LogStreamException ToException(ReadOnlySpan<byte> text, TailRequest request, bool hasLines)
    {
        if (text.StartsWith("unable to retrieve container logs for "u8) && !hasLines)
        {
            return Collected(request);
        }

        if (text.StartsWith("failed to create fsnotify watcher: too many open files"u8))
        {
            return NodeExhausted(request);
        }

        return new LogStreamException(LogStreamError.Unavailable, $"the node of pod {request.Pod} answered with something that is no log: {Shorten(text)}", "BAD_BODY");
    }

    public static LogStreamException Collected(TailRequest request) =>
        new(LogStreamError.NotFound, $"the log of the container was already removed from the node: container {request.Container} of pod {request.Pod} in namespace {request.Namespace}", CollectedReason);

    /// <summary>The kubelet has no way left to learn of new lines; to be asked again after a while.</summary>
    public static LogStreamException NodeExhausted(TailRequest request) =>
        new(LogStreamError.Unavailable, $"the node of pod {request.Pod} cannot follow more logs: raise its sysctl fs.inotify.max_user_instances", ExhaustedReason)
        {
            IsPause = true,
            RetryAfter = TimeSpan.FromSeconds(0.8 + (Random.Shared.NextDouble() * 0.4)),
        };

    /// <summary>Nobody removes the log of a container that runs: its runtime does not answer.</summary>
    public static LogStreamException RuntimeDown(TailRequest request, Exception cause) =>
        new(LogStreamError.Unavailable, $"the container runtime on the node of pod {request.Pod} in namespace {request.Namespace} does not answer", "UNREACHABLE", cause);

    private static string Shorten(ReadOnlySpan<byte> text)
    {
        var shown = new StringBuilder(LongestShown);
        foreach (var letter in Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * LongestShown)]))
        {
            if (shown.Length == LongestShown)
            {
                break;
            }

            shown.Append(letter is >= ' ' and <= '~' ? letter : '.');
        }

        return shown.ToString();
    }
}
