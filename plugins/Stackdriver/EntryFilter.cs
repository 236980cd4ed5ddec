using Google.Cloud.Logging.V2;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Which entries are a container's: as a query in the service's language, and once more exactly, because the service compares without case.</summary>
internal sealed class EntryFilter(StackdriverSettings settings, TailRequest request)
{
    private const string ResourceType = "k8s_container";

    private readonly (string Name, string Value)[] _labels =
    [
        ("project_id", settings.ProjectId),
        .. settings.Location is { } location ? [("location", location)] : Array.Empty<(string, string)>(),
        ("cluster_name", settings.ClusterName),
        ("namespace_name", request.Namespace),
        ("pod_name", request.Pod),
        ("container_name", request.Container),
    ];

    public string For(EntryWindow window) => string.Join(" AND ", [
        $"resource.type={Quoted(ResourceType)}",
        .. _labels.Select(label => $"resource.labels.{label.Name}={Quoted(label.Value)}"),
        "(log_id(\"stdout\") OR log_id(\"stderr\"))",
        $"timestamp>={Quoted(window.From.ToString())}",
        $"timestamp<{Quoted(window.To.ToString())}",
    ]);

    public bool Matches(LogEntry entry) =>
        entry.Resource is { Type: ResourceType } resource && EntryDecoder.StreamOf(entry) != OutputStream.Unknown
        && Array.TrueForAll(_labels, label => resource.Labels.TryGetValue(label.Name, out var value) && value == label.Value);

    /// <summary>A string of the language; none of the values has control characters.</summary>
    public static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
