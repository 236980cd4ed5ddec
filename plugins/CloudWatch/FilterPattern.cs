namespace RunLogs.Plugins.CloudWatch;

/// <summary>The service's pattern for the events of one container.</summary>
internal static class FilterPattern
{
    /// <summary>For names that were checked: none of them holds a quote, a backslash or a wildcard.</summary>
    public static string For(string @namespace, string pod, string container, string? podUid)
    {
        var conditions = new List<string> { Is("pod_name", pod), Is("namespace_name", @namespace), Is("container_name", container) };
        if (!string.IsNullOrEmpty(podUid))
            conditions.Add(Is("pod_id", podUid));

        return $"{{ {string.Join(" && ", conditions)} }}";
    }

    private static string Is(string key, string value) => $"($.kubernetes.{key} = \"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\")";
}
