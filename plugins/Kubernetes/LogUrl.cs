using System.Globalization;
using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>The paths of the API that this backend asks, relative to its base address.</summary>
internal static class LogUrl
{
    // The runtime notes a container's start only after its process may have written.
    private static TimeSpan StartMargin => TimeSpan.FromMinutes(-1);

    public static string Pod(TailRequest request) => $"api/v1/namespaces/{Uri.EscapeDataString(request.Namespace)}/pods/{Uri.EscapeDataString(request.Pod)}";

    /// <summary>The log of one instance.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="log">The instance.</param>
    /// <param name="follow">Whether the answer goes on with lines to come.</param>
    /// <param name="tail">The last lines only, counted by the kubelet before its own cut by time.</param>
    /// <param name="from">Nothing of the seconds before this one.</param>
    public static string Log(TailRequest request, InstanceLog log, bool follow, long? tail, LogTimestamp? from = null)
    {
        var url = new StringBuilder(Pod(request));
        url.Append("/log?container=").Append(Uri.EscapeDataString(request.Container)).Append("&timestamps=true");
        url.Append(follow ? "&follow=true" : "").Append(log.Previous ? "&previous=true" : "");
        if (tail is { } lines)
        {
            return url.Append(CultureInfo.InvariantCulture, $"&tailLines={lines}").ToString();
        }

        // Whole seconds, rounded down: the API cuts the fraction off and includes the second.
        if (Later(request.Since ?? log.StartedAt?.Add(StartMargin), from) is { } since)
        {
            url.Append("&sinceTime=").Append(Uri.EscapeDataString($"{LogTimestamp.FromUnixSeconds(since.UnixSeconds).ToString()[..19]}Z"));
        }

        return url.ToString();
    }

    private static LogTimestamp? Later(LogTimestamp? one, LogTimestamp? other) => one > other || other is null ? one : other;
}
