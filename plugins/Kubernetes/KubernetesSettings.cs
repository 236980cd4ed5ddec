using System.Globalization;
using Microsoft.Extensions.Configuration;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>The backend's own section.</summary>
internal sealed class KubernetesSettings
{
    private static readonly string[] Known = ["Enabled", nameof(KubeConfig), nameof(Context), nameof(HeaderTimeout), nameof(WaitForStart)];

    private static TimeSpan Longest => TimeSpan.FromDays(1);

    /// <summary>A kubeconfig file; null for in-cluster, else KUBECONFIG, else ~/.kube/config.</summary>
    public string? KubeConfig { get; private init; }

    /// <summary>A context of the kubeconfig; null for its current one.</summary>
    public string? Context { get; private init; }

    /// <summary>How long the API may take until its answer begins.</summary>
    public TimeSpan HeaderTimeout { get; private init; }

    /// <summary>How long a container may take to start while it is followed.</summary>
    public TimeSpan WaitForStart { get; private init; }

    public static KubernetesSettings Read(IConfigurationSection section)
    {
        var faults = new List<string>();
        var settings = new KubernetesSettings
        {
            KubeConfig = Text(section, nameof(KubeConfig)),
            Context = Text(section, nameof(Context)),
            HeaderTimeout = Duration(section, nameof(HeaderTimeout), TimeSpan.FromSeconds(30), faults),
            WaitForStart = Duration(section, nameof(WaitForStart), TimeSpan.FromMinutes(10), faults),
        };
        if (settings.KubeConfig is { } file && !File.Exists(file))
        {
            faults.Insert(0, $"{section.Path}:{nameof(KubeConfig)} names {file}, which is no file.");
        }

        // A misspelt setting would leave its default in force without a word.
        faults.AddRange(section.AsEnumerable(makePathsRelative: true)
            .Where(setting => setting.Value is not null && !Known.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
            .Select(setting => $"{section.Path}:{setting.Key} is not a setting of the Kubernetes backend, which has {string.Join(", ", Known)}.")
            .Order(StringComparer.OrdinalIgnoreCase));
        return faults.Count == 0 ? settings : throw new BackendConfigurationException(faults);
    }

    private static string? Text(IConfigurationSection section, string key) => section[key] is { Length: > 0 } text ? text : null;

    private static TimeSpan Duration(IConfigurationSection section, string key, TimeSpan otherwise, List<string> faults)
    {
        if (Text(section, key) is not { } text)
        {
            return otherwise;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) && duration > TimeSpan.Zero && duration <= Longest)
        {
            return duration;
        }

        faults.Add($"{section.Path}:{key} is \"{text}\"; it must be a time such as {otherwise:c}, above 0 and at most one day.");
        return otherwise;
    }
}
