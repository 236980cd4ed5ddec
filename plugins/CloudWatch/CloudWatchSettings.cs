using Microsoft.Extensions.Configuration;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The backend's own section.</summary>
internal sealed class CloudWatchSettings
{
    private static readonly string[] Names =
    [
        nameof(Region), nameof(Profile), nameof(Endpoint), nameof(UseFips), nameof(UseDualStack), nameof(Preset), nameof(ClusterName), nameof(LogGroup),
        "LogStreamPrefix", nameof(MessageKeys),
    ];

    private const string ContainersLog = "var.log.containers.{pod}_{namespace}_{container}-{containerId}.log";

    /// <summary>The region; null for what AWS's own chain says.</summary>
    public string? Region { get; private init; }

    /// <summary>A profile of the AWS configuration; null for the default chain.</summary>
    public string? Profile { get; private init; }

    /// <summary>Where calls go instead of the region's own address.</summary>
    public Uri? Endpoint { get; private init; }

    public bool UseFips { get; private init; }

    public bool UseDualStack { get; private init; }

    public StreamPreset Preset { get; private init; }

    /// <summary>What stands for {cluster}.</summary>
    public string ClusterName { get; private init; } = "";

    /// <summary>The group: its name, or its ARN when it is another account's.</summary>
    public StreamTemplate LogGroup { get; private init; } = StreamTemplate.Empty;

    /// <summary>The whole name of a stream.</summary>
    public StreamTemplate LogStream { get; private init; } = StreamTemplate.Empty;

    /// <summary>Under which of an agent's keys a line stands, in the order they are tried.</summary>
    public IReadOnlyList<string> MessageKeys { get; private init; } = [];

    public static CloudWatchSettings Read(IConfigurationSection section, string cluster)
    {
        if (!Array.Exists(Names, name => Setting.Text(section, name) is not null))
            throw new BackendDisabledException($"Set {section.Path}:ClusterName to the EKS cluster whose Container Insights logs are in CloudWatch, or {section.Path}:LogGroup to another log group.");

        var faults = new List<string>();
        StreamPreset preset;
        var settings = new CloudWatchSettings
        {
            Region = Setting.Text(section, nameof(Region)),
            Profile = Setting.Text(section, nameof(Profile)),
            Endpoint = Address(section, nameof(Endpoint), faults),
            UseFips = Setting.Flag(section, nameof(UseFips), faults),
            UseDualStack = Setting.Flag(section, nameof(UseDualStack), faults),
            Preset = preset = Choice(section, nameof(Preset), faults),
            ClusterName = Setting.Text(section, nameof(ClusterName)) ?? cluster,
            LogGroup = Group(section, preset, faults),
            LogStream = Stream(section, preset, faults),
            MessageKeys = Setting.Keys(section, nameof(MessageKeys), "log, message, msg, log_processed", faults),
        };
        if (settings.Region is { } region && !region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            faults.Insert(0, $"{section.Path}:Region is \"{region}\"; it must be the name of an AWS region such as eu-central-1.");

        return faults.Count == 0 ? settings : throw new BackendConfigurationException(faults);
    }

    private static StreamTemplate Group(IConfigurationSection section, StreamPreset preset, List<string> faults)
    {
        var text = Setting.Text(section, nameof(LogGroup)) ?? (preset == StreamPreset.ContainerInsights ? "/aws/containerinsights/{cluster}/application" : null);
        if (text is null)
            faults.Add($"{section.Path}:LogGroup is missing; the preset {preset} needs the log group that the agent writes to.");

        // The console shows ARNs with an end that calls do not take.
        if (text is ['a', 'r', 'n', ':', .., ':', '*'])
            text = text[..^2];

        return Template(text, $"{section.Path}:LogGroup", ["cluster", "namespace"], faults);
    }

    private static StreamTemplate Stream(IConfigurationSection section, StreamPreset preset, List<string> faults)
    {
        const string Key = "LogStreamPrefix";
        var prefix = Setting.Text(section, Key);
        if (prefix is null && preset == StreamPreset.Plain)
            faults.Add($"{section.Path}:{Key} is missing; the preset Plain needs it, such as {{namespace}}/{{pod}}/{{container}}.");

        var text = preset switch
        {
            StreamPreset.ContainerInsights => (prefix ?? "{node}-") + "application." + ContainersLog,
            StreamPreset.Fargate => (prefix ?? "from-fluent-bit-") + "kube." + ContainersLog,
            StreamPreset.FluentBit => (prefix ?? "fluentbit-") + "kube." + ContainersLog,
            _ => prefix,
        };
        return Template(text, $"{section.Path}:{Key}", StreamTemplate.Placeholders, faults);
    }

    private static StreamTemplate Template(string? text, string key, IReadOnlyList<string> allowed, List<string> faults)
    {
        if (text is null)
            return StreamTemplate.Empty;

        if (StreamTemplate.TryParse(text, allowed, out var template, out var fault))
            return template;

        faults.Add($"{key} is \"{text}\": {fault}");
        return StreamTemplate.Empty;
    }

    private static StreamPreset Choice(IConfigurationSection section, string key, List<string> faults)
    {
        var text = Setting.Text(section, key);
        foreach (var preset in (ReadOnlySpan<StreamPreset>)[StreamPreset.ContainerInsights, StreamPreset.Fargate, StreamPreset.FluentBit, StreamPreset.Plain])
        {
            if (text is null || string.Equals(text, preset.ToString(), StringComparison.OrdinalIgnoreCase))
                return preset;
        }

        faults.Add($"{section.Path}:{key} is \"{text}\"; it must be ContainerInsights, Fargate, FluentBit or Plain.");
        return StreamPreset.ContainerInsights;
    }

    private static Uri? Address(IConfigurationSection section, string key, List<string> faults)
    {
        if (Setting.Text(section, key) is not { } text)
            return null;

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { AbsolutePath: "/", Query: "", UserInfo: "" })
            return address;

        faults.Add($"{section.Path}:{key} must be an address such as https://logs.eu-central-1.amazonaws.com, without a path.");
        return null;
    }
}
